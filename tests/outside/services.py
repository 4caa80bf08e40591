"""PubMed, its ID converter and Crossref as far as we use them, with records of the tests' own."""

import json
from dataclasses import dataclass, field
from urllib.parse import quote

from articles.outside.settings import Settings
from tests.outside.site import QUICK, Reply, Request, Site, guard_for

XML = "text/xml; charset=UTF-8"
JSON = "application/json"


@dataclass
class Services:
    """What they know: `papers` by PMID with their DOI, `held` as (PMCID, PMID, DOI), `works` by DOI."""

    site: Site
    papers: dict[str, str] = field(default_factory=dict)
    held: list[tuple[str, str, str]] = field(default_factory=list)
    works: dict[str, dict[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site.on("/eutils/efetch.fcgi", self.efetch)
        self.site.on("/eutils/esearch.fcgi", self.esearch)
        self.site.on("/eutils/esummary.fcgi", self.esummary)
        self.site.on("/idconv/", self.convert)

    def settings(self, *, contact: str = "desk@example.org", key: str = "") -> Settings:
        """Settings that lead to the site."""
        base = self.site.address
        return Settings(
            version="1.0",
            contact=contact,
            ncbi_api_key=key,
            eutils=f"{base}/eutils/",
            converter=f"{base}/idconv/",
            crossref=f"{base}/works/",
            guard=guard_for(self.site),
            patience=QUICK,
        )

    def add_work(self, doi: str, message: dict[str, object]) -> None:
        """A publication that Crossref knows."""
        body = json.dumps({"status": "ok", "message-type": "work", "message": {"DOI": doi, **message}})
        self.site.on(f"/works/{quote(doi, safe='')}", Reply(body.encode(), JSON))

    def efetch(self, request: Request) -> Reply:
        pmids = [pmid for pmid in request.values["id"].split(",") if pmid in self.papers]
        return Reply(article_set(*(article(pmid, self.papers[pmid]) for pmid in pmids)), XML)

    def esearch(self, request: Request) -> Reply:
        dois = [term.removesuffix("[doi]").strip('"') for term in request.values["term"].split(" OR ")]
        found = [pmid for pmid, doi in self.papers.items() if doi and doi in dois]
        return as_json({"esearchresult": {"count": str(len(found)), "idlist": found}})

    def esummary(self, request: Request) -> Reply:
        pmids = request.values["id"].split(",")
        summaries = {pmid: {"uid": pmid, "articleids": _articleids(pmid, self.papers[pmid])} for pmid in pmids}
        return as_json({"result": {"uids": pmids, **summaries}})

    def convert(self, request: Request) -> Reply:
        column = {"pmcid": 0, "doi": 2}[request.values["idtype"]]
        known = {paper[column]: paper for paper in self.held}
        return as_json(
            {"status": "ok", "records": [_entry(one, known.get(one)) for one in request.values["ids"].split(",")]}
        )


def as_json(content: object) -> Reply:
    return Reply(json.dumps(content).encode(), JSON)


def article(pmid: str, doi: str = "") -> str:
    """A short record; its references have numbers, too."""
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID>
<Article><ArticleTitle>Sample record {pmid}</ArticleTitle><ELocationID EIdType="doi">{doi}</ELocationID></Article>
<CommentsCorrectionsList><CommentsCorrections><PMID>1</PMID></CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation></PubmedArticle>"""


def article_set(*articles: str) -> bytes:
    head = '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet SYSTEM "https://dtd.example/pubmed.dtd">\n'
    return f"{head}<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>".encode()


def _articleids(pmid: str, doi: str) -> list[dict[str, str]]:
    return [{"idtype": "pubmed", "value": pmid}, {"idtype": "doi", "value": doi.upper()}]


def _entry(requested: str, paper: tuple[str, str, str] | None) -> dict[str, object]:
    if paper is None:
        return {"requested-id": requested, "status": "error", "errmsg": "Identifier not found in PMC"}
    pmid = {"pmid": int(paper[1])} if paper[1] else {}
    return {"requested-id": requested, "pmcid": paper[0], "doi": paper[2], **pmid}
