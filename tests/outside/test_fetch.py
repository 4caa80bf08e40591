"""Identifiers become files; every one that does not is named with its reason."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from articles.outside import Fetched, Identifier, NotFetched, Settings, fetch
from articles.outside.client import Answer
from articles.outside.pubmed import pmids_in
from tests.outside.services import XML, Services, article, article_set, as_json
from tests.outside.site import Reply, client_for

REAL = Path(__file__).parents[3] / "shared" / "data" / "pubmed-xml"
EFETCH = "/eutils/efetch.fcgi"
ESEARCH = "/eutils/esearch.fcgi"


@pytest.fixture
def services(site) -> Services:
    return Services(site)


def pmid(value: object) -> Identifier:
    return Identifier("pmid", str(value))


def doi(value: str) -> Identifier:
    return Identifier("doi", value)


def pmcid(value: str) -> Identifier:
    return Identifier("pmcid", value)


def run(services: Services, *wanted: Identifier, **settings: str) -> tuple[list[Fetched], dict[str, str]]:
    """The files, and the reasons by identifier; every wanted identifier is named exactly once."""
    client, _ = client_for(services.site)
    results = list(fetch(wanted, settings=services.settings(**settings), client=client))
    files = [result for result in results if isinstance(result, Fetched)]
    failed = [result for result in results if isinstance(result, NotFetched)]
    named = [one for file in files for one in file.for_identifiers] + [result.identifier for result in failed]
    assert sorted(map(str, named)) == sorted(map(str, set(wanted)))
    return files, {str(result.identifier): result.reason for result in failed}


def test_pmids_come_as_pubmed_wrote_them(services):
    services.papers = {"11": "", "12": ""}
    (file,), failed = run(services, pmid(11), pmid(12), pmid(11))
    assert file.data == article_set(article("11"), article("12"))
    assert (file.name, file.for_identifiers, failed) == ("PubMed 11 and 1 more", (pmid(11), pmid(12)), {})
    (request,) = services.site.requests
    assert (request.method, request.query) == ("POST", "")
    assert request.values == {
        "db": "pubmed",
        "id": "11,12",
        "retmode": "xml",
        "tool": "mskb",
        "email": "desk@example.org",
    }


def test_key_is_sent_in_the_body_and_nothing_is_made_up(services):
    services.papers = {"11": ""}
    run(services, pmid(11), contact="", key="abc123")
    (request,) = services.site.requests
    assert request.values["api_key"] == "abc123"
    assert "email" not in request.values
    assert request.query == ""


def test_pmids_are_asked_for_200_at_a_time(services):
    services.papers = {str(number): "" for number in range(1, 451)}
    files, failed = run(services, *map(pmid, services.papers))
    assert [len(file.for_identifiers) for file in files] == [200, 200, 50]
    assert failed == {}
    assert len(services.site.requests) == 3


def test_unknown_pmids_are_named_and_the_others_come(services):
    services.papers = {str(number): "" for number in range(10, 20)}
    (file,), failed = run(services, *map(pmid, range(15, 25)))
    assert len(file.for_identifiers) == 5
    assert failed == {f"PMID {number}": f"PubMed has no record {number}." for number in range(20, 25)}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(article_set(), XML),
        Reply(
            b"<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>", XML, 400
        ),
    ],
)
def test_nothing_known(services, reply):
    services.site.on(EFETCH, reply)
    files, failed = run(services, pmid(1), pmid(2))
    assert files == []
    assert failed["PMID 2"] == "PubMed has no record 2."
    assert len(services.site.requests) == 1


def test_books_are_records_too(services):
    book = "<PubmedBookArticle><BookDocument><PMID>77</PMID></BookDocument></PubmedBookArticle>"
    services.site.on(EFETCH, Reply(article_set(article("11"), book), XML))
    (file,), _ = run(services, pmid(77), pmid(11))
    assert file.for_identifiers == (pmid(77), pmid(11))


@pytest.mark.parametrize(
    "fault",
    [
        Reply(article_set(article("11"))[:-30], XML),
        Reply(b"", XML),
        Reply(b"<eFetchResult><ERROR>Something else</ERROR></eFetchResult>", XML),
        Reply(b"<eFetchResult><ERROR>NCBI C++: proxy_stream() 502</ERROR></eFetchResult>", XML, 400),
        Reply(b'{"error":"API rate limit exceeded"}', "application/json", 429, {"Retry-After": "2"}),
        Reply(article_set(article("11")), XML, promised=9000),
        Reply(b"oops", "text/html", 500),
    ],
)
def test_pubmed_is_asked_again_where_its_answer_is_not_whole(services, fault):
    services.site.on(EFETCH, fault, fault, Reply(article_set(article("11")), XML))
    (file,), _ = run(services, pmid(11))
    assert file.data == article_set(article("11"))
    services.site.on(EFETCH, fault)
    files, failed = run(services, pmid(11))
    assert files == []
    assert "efetch.fcgi" in failed["PMID 11"]


def test_wrong_type_and_wrong_key_are_told(services):
    services.site.on(EFETCH, Reply(b"<html>Down</html>", "text/html"))
    _, failed = run(services, pmid(1))
    assert "is of the type text/html, not text/xml" in failed["PMID 1"]
    services.site.on(EFETCH, Reply(b'{"error":"API key invalid","api-key":"k"}', "application/json", 400))
    _, failed = run(services, pmid(1), pmid(2), key="k")
    assert failed["PMID 1"] == "NCBI does not accept the API key it was given."
    assert len(services.site.asked(EFETCH)) == 2


def test_one_bad_number_does_not_cost_the_others(services):
    services.papers = {str(number): "" for number in range(1, 9)}

    def refuses_five(request):
        return Reply(b"bad", XML, 400) if "5" in request.values["id"].split(",") else services.efetch(request)

    services.site.on(EFETCH, refuses_five)
    files, failed = run(services, *map(pmid, services.papers))
    assert sum(len(file.for_identifiers) for file in files) == 7
    assert list(failed) == ["PMID 5"]


@pytest.mark.parametrize(
    ("declared", "number", "expected"),
    [
        ('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;9", {""}),
        ('<!ENTITY x SYSTEM "{site}/entity">', "&x;9", {""}),
        ('<!ENTITY % x SYSTEM "{site}/dtd"> %x;', "9", {"9"}),
        ('<!ENTITY x "7">', "&x;9", {""}),
    ],
)
def test_entities_and_outside_parts_of_xml_are_not_loaded(site, declared, number, expected):
    declared = declared.format(site=f"http://127.0.0.1:{site.port}")
    record = f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID></MedlineCitation></PubmedArticle>"
    data = f"<!DOCTYPE PubmedArticleSet [{declared}]><PubmedArticleSet>{record}</PubmedArticleSet>".encode()
    assert pmids_in(Answer("", "", 200, "", "", data, datetime.now(UTC))) == expected
    assert site.requests == []


def test_doi_in_pubmed_central_is_fetched_from_pubmed(services):
    services.papers = {"11": "10.1000/a", "12": "10.1000/b"}
    services.held = [("PMC7", "11", "10.1000/a")]
    (file,), failed = run(services, doi("10.1000/a"))
    assert (file.for_identifiers, failed) == ((doi("10.1000/a"),), {})
    assert services.site.asked(ESEARCH) == []
    assert services.site.asked("/idconv/")[0].values == {
        "ids": "10.1000/a",
        "idtype": "doi",
        "format": "json",
        "versions": "no",
        "tool": "mskb",
        "email": "desk@example.org",
    }


def test_doi_outside_pubmed_central_is_found_by_search(services):
    services.papers = {"11": "10.1000/a,b(c)2.0.co;2-#", "12": "10.1000/b"}
    (file,), failed = run(services, doi("10.1000/a,b(c)2.0.co;2-#"), doi("10.1000/b"))
    assert failed == {}
    assert len(file.for_identifiers) == 2
    # A comma would be read as the end of an identifier.
    assert [request.values["ids"] for request in services.site.asked("/idconv/")] == ["10.1000/b"]


def test_quotes_in_a_doi_do_not_end_its_search(services):
    services.site.on(ESEARCH, as_json({"esearchresult": {"idlist": []}}))
    run(services, doi('10.1000/a"or"b'))
    assert services.site.asked(ESEARCH)[0].values["term"] == '"10.1000/aorb"[doi]'


def test_search_result_that_does_not_name_the_doi_is_not_taken(services):
    services.papers = {"99": "10.1000/another"}
    services.site.on(ESEARCH, as_json({"esearchresult": {"count": "1", "idlist": ["99"]}}))
    services.add_work("10.1000/a", {"type": "journal-article", "title": ["Alpha"]})
    (file,), _ = run(services, doi("10.1000/a"))
    assert file.name == "Crossref 10.1000/a"
    assert services.site.asked(EFETCH) == []


def test_pmcid_leads_to_pubmed_or_by_its_doi_to_crossref_or_is_named(services):
    services.papers = {"11": ""}
    services.held = [("PMC7", "11", ""), ("PMC8", "", "10.1000/c"), ("PMC9", "", "")]
    services.add_work("10.1000/c", {"type": "journal-article", "title": ["Gamma"]})
    wanted = [pmcid(f"PMC{number}") for number in (7, 8, 9, 10)]
    (first, second), failed = run(services, *wanted)
    assert first.for_identifiers == (wanted[0],)
    assert (second.name, second.for_identifiers) == ("Crossref 10.1000/c", (wanted[1],))
    assert failed == {
        "PMC9": "PubMed Central knows neither a PMID nor a DOI of PMC9.",
        "PMC10": "PubMed Central knows neither a PMID nor a DOI of PMC10.",
    }


def test_three_identifiers_of_one_paper_are_one_record(services):
    services.papers = {"11": "10.1000/a"}
    services.held = [("PMC7", "11", "10.1000/a")]
    (file,), _ = run(services, doi("10.1000/a"), pmcid("PMC7"), pmid(11))
    assert file.data == article_set(article("11", "10.1000/a"))
    assert len(file.for_identifiers) == 3


def test_converter_that_fails_costs_pmcids_only(services):
    services.papers = {"11": "10.1000/a"}
    services.site.on("/idconv/", Reply(b"", status=503))
    (file,), failed = run(services, doi("10.1000/a"), pmcid("PMC7"))
    assert file.for_identifiers == (doi("10.1000/a"),)
    assert "503" in failed["PMC7"]


@pytest.mark.parametrize(
    "reply",
    [
        as_json({"status": "error", "message": "no"}),
        as_json({"records": "none"}),
        as_json(["records"]),
        as_json({"error": "no"}),
        Reply(b'{"records": [', "application/json"),
        Reply(b"[" * 100_000, "application/json"),
        Reply(b"<html>", "text/html"),
        Reply(b"no", "application/json", 400),
    ],
)
def test_senseless_answers_of_converter_and_search_are_told(services, reply):
    services.site.on("/idconv/", reply)
    services.site.on(ESEARCH, reply)
    files, failed = run(services, doi("10.1000/a"), pmcid("PMC7"))
    assert files == []
    assert set(failed) == {"DOI 10.1000/a", "PMC7"}


@pytest.mark.parametrize("entry", [None, [], "PMC7", {}, {"requested-id": "PMC7", "pmid": "x", "doi": 5}, {"pmid": 11}])
def test_senseless_entries_of_the_converter_are_no_papers(services, entry):
    services.site.on("/idconv/", as_json({"records": [entry]}))
    _, failed = run(services, pmcid("PMC7"))
    assert list(failed) == ["PMC7"]


def test_search_that_is_asked_too_often_is_asked_again(services):
    services.papers = {"11": "10.1000/a"}
    services.site.on(ESEARCH, as_json({"error": "API rate limit exceeded", "limit": "3"}), services.esearch)
    (file,), _ = run(services, doi("10.1000/a"))
    assert file.name == "PubMed 11"


def test_search_that_fails_does_not_settle_for_less(services):
    services.add_work("10.1000/a", {"type": "journal-article", "title": ["Alpha"]})
    services.site.on(ESEARCH, as_json({"esearchresult": {"ERROR": "Search Backend failed", "idlist": []}}))
    files, failed = run(services, doi("10.1000/a"))
    assert files == []
    assert "Search Backend failed" in failed["DOI 10.1000/a"]


def test_doi_without_pmid_comes_from_crossref_as_csl_json(services):
    services.add_work(
        "10.1000/x<1>y",
        {
            "type": "journal-article",
            "title": ["Alpha <i>in vitro</i>", "Second"],
            "container-title": ["Sample Journal"],
            "author": [{"family": "Alpha", "given": "B", "ORCID": "x"}, {"name": "Group C", "sequence": "first"}, None],
            "issued": {"date-parts": [[2020, 5]]},
            "published-print": {"date-parts": [[None]]},
            "relation": {"is-review-of": []},
            "indexed": {"timestamp": 5},
            "score": 1,
        },
    )
    (file,), failed = run(services, doi("10.1000/x<1>y"))
    assert failed == {}
    assert json.loads(file.data) == [
        {
            "DOI": "10.1000/x<1>y",
            "type": "article-journal",
            "title": "Alpha <i>in vitro</i>",
            "container-title": "Sample Journal",
            "author": [{"family": "Alpha", "given": "B", "ORCID": "x"}, {"literal": "Group C", "sequence": "first"}],
            "issued": {"date-parts": [[2020, 5]]},
            "relation": {"is-review-of": []},
            "custom": {"crossref-type": "journal-article"},
        }
    ]
    assert services.site.requests[-1].values == {"mailto": "desk@example.org"}


def test_doi_that_nobody_knows(services):
    _, failed = run(services, doi("10.1000/nowhere"))
    assert failed["DOI 10.1000/nowhere"].startswith("Neither PubMed nor Crossref knows the DOI 10.1000/nowhere;")


@pytest.mark.parametrize("reply", [as_json({"message": []}), Reply(b"x", "text/plain"), Reply(b"", status=500)])
def test_crossref_that_fails_is_told(services, reply):
    services.site.on("/works/10.1000%2Fa", reply)
    files, failed = run(services, doi("10.1000/a"))
    assert files == []
    assert "/works/10.1000%2Fa" in failed["DOI 10.1000/a"]


def test_mixed_list_arrives_whole(services):
    services.papers = {"11": ""}
    services.site.on("/page", Reply(b"<p>Alpha</p>"))
    address = Identifier("url", f"{services.site.address}/page")
    files, failed = run(services, address, pmid(11), doi("10.1000/none"), pmid(12))
    assert {file.name for file in files} == {"PubMed 11", address.value}
    assert set(failed) == {"PMID 12", "DOI 10.1000/none"}


def test_settings_make_a_client_that_says_who_it_is(services):
    services.papers = {"11": ""}
    results = list(fetch([pmid(11)], settings=services.settings()))
    assert isinstance(results[0], Fetched)
    assert services.site.requests[0].headers["user-agent"] == "mskb/1.0 (+mailto:desk@example.org)"


@pytest.mark.parametrize("wrong", [{"contact": "a b@c.example"}, {"contact": "x\r\nX: y"}, {"ncbi_api_key": "k&id=1"}])
def test_settings_refuse_what_would_break_a_request(wrong):
    with pytest.raises(ValueError):
        Settings(version="1.0", **wrong)


def test_key_is_not_shown():
    assert "abc123" not in repr(Settings(version="1.0", ncbi_api_key="abc123"))


@pytest.mark.parametrize(("key", "seconds"), [("", 0.35), ("k", 0.11)])
def test_pace_is_what_ncbi_allows(key, seconds):
    pace = Settings(version="1.0", ncbi_api_key=key).client().pace
    assert pace.intervals["eutils.ncbi.nlm.nih.gov"] == seconds


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder ../shared/data/pubmed-xml is absent")
@pytest.mark.parametrize("name", ["biopython/pubmed1.xml", "biopython/pubmed2.xml", "biopython/pubmed7.xml"])
def test_real_answers_pass_unchanged_and_every_record_is_seen(services, name):
    data = (REAL / name).read_bytes()
    known = re.findall(rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID[^>]*>(\d+)", data)
    services.site.on(EFETCH, Reply(data, XML))
    wanted = [pmid(number.decode()) for number in dict.fromkeys(known)]
    (file,), failed = run(services, *wanted, pmid(999999999))
    assert wanted
    assert file.data == data
    assert list(failed) == ["PMID 999999999"]
