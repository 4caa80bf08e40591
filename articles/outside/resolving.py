"""Which record answers a wanted identifier: one of PubMed where it has one, else one of Crossref."""

from collections import defaultdict
from collections.abc import Sequence

from articles.outside import converter, doi_search
from articles.outside.client import Client
from articles.outside.errors import FetchError
from articles.outside.result import NotFetched
from articles.outside.settings import Settings
from articles.outside.wanted import Identifier


class Resolved:
    """The wanted PMIDs, PMCIDs and DOIs, by the PMID or, where there is none, by the DOI that answers them.

    `failed` holds those that nothing answers. Other identifiers are left aside.
    """

    def __init__(self, client: Client, settings: Settings, wanted: Sequence[Identifier]) -> None:
        self._client, self._settings = client, settings
        self.by_pmid: defaultdict[str, list[Identifier]] = defaultdict(list)
        self.by_doi: defaultdict[str, list[Identifier]] = defaultdict(list)
        self.failed: list[NotFetched] = []
        by_scheme = {"pmid": self.by_pmid, "doi": self.by_doi}
        for identifier in wanted:
            if identifier.scheme in by_scheme:
                by_scheme[identifier.scheme][identifier.value].append(identifier)
        self._convert_pmcids([identifier.value for identifier in wanted if identifier.scheme == "pmcid"])
        self._convert_dois()
        self._search_dois()

    def _convert_pmcids(self, pmcids: list[str]) -> None:
        for pmcid, paper in converter.convert(self._client, self._settings, "pmcid", pmcids):
            identifier = Identifier("pmcid", pmcid)
            if isinstance(paper, FetchError):
                self.failed.append(NotFetched(identifier, str(paper)))
            elif paper.pmid:
                self.by_pmid[paper.pmid].append(identifier)
            elif paper.doi:
                self.by_doi[paper.doi].append(identifier)
            else:
                reason = f"PubMed Central knows neither a PMID nor a DOI of {pmcid}."
                self.failed.append(NotFetched(identifier, reason))

    def _convert_dois(self) -> None:
        # The converter parts what it is asked at commas.
        dois = [doi for doi in self.by_doi if "," not in doi]
        for doi, paper in converter.convert(self._client, self._settings, "doi", dois):
            # A failure is no loss here: the search finds these, too.
            if isinstance(paper, converter.Paper) and paper.pmid:
                self.by_pmid[paper.pmid] += self.by_doi.pop(doi)

    def _search_dois(self) -> None:
        dois = list(self.by_doi)
        for start in range(0, len(dois), doi_search.BATCH):
            batch = dois[start : start + doi_search.BATCH]
            try:
                found = doi_search.pmids(self._client, self._settings, batch)
            except FetchError as error:
                # Crossref would do, but its records say less; better to ask PubMed again later.
                failed = (identifier for doi in batch for identifier in self.by_doi.pop(doi))
                self.failed += [NotFetched(identifier, str(error)) for identifier in failed]
                continue
            for doi, pmid in found.items():
                self.by_pmid[pmid] += self.by_doi.pop(doi)
