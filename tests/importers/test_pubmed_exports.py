"""PubMed's Summary, Abstract and CSV exports: several records in a file, broken ones among them, and hostile ones."""

import csv
import io
import textwrap
import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import pubmed_abstract, pubmed_csv, pubmed_summary
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError
from articles.importers.shared import pubmed_citation
from tests.importers import nbib_as_xml

SET_OF_75 = Path(__file__).parents[3] / "shared/data/nbib/holub008-nbib/resources/pubmed-balloongui-set.nbib"
EXPORTS = [pubmed_summary, pubmed_abstract, pubmed_csv]
HEADER = "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI"
MARK = "In the row a quotation mark is missing, or there is one too many."
CITATION = "J Sample. 2021 Mar 15;12(3):132-42."


def summary(number: int) -> str:
    return f"{number}: Alpha A. Sample record {number}. {CITATION} doi: 10.1000/s{number}. PMID: {number}.\n\n"


def abstract(number: int) -> str:
    return (
        f"{number}. {CITATION} doi: 10.1000/s{number}.\n\nSample record {number}.\n\nAlpha A(1), Beta B.\n\n"
        f"Author information:\n(1)Alphatown.\n\n1. Numbered sentence.\n\nDOI: 10.1000/s{number}\nPMID: {number}\n\n\n"
    )


def row(number: int) -> str:
    return (
        f'{number},Sample record {number},"Alpha A, Beta B.",{CITATION},Alpha A,J Sample,2021,2021/03/15,,,'
        f"10.1000/s{number}\n"
    )


WRITERS = {pubmed_summary: summary, pubmed_abstract: abstract, pubmed_csv: row}


def file(export: ModuleType, *parts: str) -> str:
    return (f"{HEADER}\n" if export is pubmed_csv else "") + "".join(parts)


def pieces(export: ModuleType, text: str | bytes) -> list[Raw | Unreadable]:
    return list(export.split(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def pmids(found: list[Raw | Unreadable]) -> list[int]:
    return [int(dict(piece.read().identifiers)["pmid"]) for piece in found if isinstance(piece, Raw)]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.NAME)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_record_of_a_file_arrives_in_order(export: ModuleType, end: str):
    text = file(export, *(WRITERS[export](number) for number in range(1, 13))).replace("\n", end)
    found = list(importers.scan(io.BytesIO(b"\xef\xbb\xbf" + text.encode())))
    assert {one.format for one in found} == {export.NAME}
    assert [int(dict(one.read().identifiers)["pmid"]) for one in found] == list(range(1, 13))


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.NAME)
def test_a_record_is_read_alone_and_wrong_bytes_spoil_no_other(export: ModuleType):
    parts = [WRITERS[export](number).encode() for number in (1, 2, 3)]
    parts[1] = parts[1].replace(b"Sample record", b"Sample r\xe9cord")
    one, bad, three = pieces(export, file(export).encode() + b"".join(parts))
    assert pmids([one, three]) == [1, 3]
    with pytest.raises(ParseError, match="not UTF-8"):
        bad.read()


@pytest.mark.parametrize(
    ("export", "bad", "reason"),
    [
        (pubmed_summary, "2: A record without a citation. PMID: 2.\n\n", "line 3: The record has no citation"),
        (pubmed_abstract, "2. A record without a citation.\n\nPMID: 2\n\n\n", "The record has no citation"),
        (pubmed_abstract, f"2. {CITATION}\n\n\n", "with a title below"),
        (pubmed_csv, f"2,,Alpha A.,{CITATION},,,,,,,\n", "line 3: The record PMID 2 has no title"),
    ],
)
def test_a_record_that_cannot_be_understood_fails_alone(export: ModuleType, bad: str, reason: str):
    one, two, three = pieces(export, file(export, WRITERS[export](1), bad, WRITERS[export](3)))
    assert pmids([one, three]) == [1, 3]
    with pytest.raises(ParseError, match=reason):
        two.read()


def test_text_around_a_summary_is_told_with_its_line():
    before, one, between, two = pieces(pubmed_summary, f"My search\n\n{summary(1)}Page 2\nof 3\n\n{summary(2)}")
    assert pmids([one, two]) == [1, 2]
    assert [(piece.line, "My search" in piece.message) for piece in (before, between)] == [(1, True), (5, False)]


def test_numbered_sentences_of_an_abstract_begin_no_record():
    (piece,) = pieces(pubmed_abstract, abstract(1))
    assert piece.read().document.text == "1. Numbered sentence."


def test_a_mark_behind_a_name_leads_to_the_affiliation():
    record = pieces(pubmed_abstract, abstract(1))[0].read()
    assert [(one.as_written, one.affiliation) for one in record.contributors] == [
        ("Alpha A", "Alphatown."),
        ("Beta B", ""),
    ]


def test_what_stands_below_an_abstract_record_is_kept_apart():
    text = abstract(1).rstrip() + "\n\nConflict of interest statement: None.\n\nSent from a sample\n\n\n" + abstract(2)
    one, two = (piece.read() for piece in pieces(pubmed_abstract, text))
    assert one.conflict_of_interest == "None."
    assert one.extra["unread"] == ["Sent from a sample"]
    assert two.title == "Sample record 2"


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ('2,"An open quotation mark,x,y\n', [MARK]),
        ('2,"An open mark\n3,"And another\n', [MARK, MARK]),
        ('2,"A mark" in the middle,x\n', [MARK]),
        ("2,too,few\n", ["The row does not have the 11 columns of the header but 3."]),
        ("Total: 3\n", ["The row does not have the 11 columns of the header but 1."]),
    ],
)
@pytest.mark.parametrize("following", [0, 1, 30])
def test_a_broken_row_takes_no_other_with_it(bad: str, told: list[str], following: int):
    rest = [row(number) for number in range(5, 5 + following)]
    found = pieces(pubmed_csv, file(pubmed_csv, row(1), bad, *rest))
    assert pmids(found) == [1, *range(5, 5 + following)]
    assert [piece.message for piece in found if isinstance(piece, Unreadable)] == told
    assert next(piece.line for piece in found if isinstance(piece, Unreadable)) == 3


def test_a_title_on_several_lines_is_one_value():
    text = file(pubmed_csv, row(1), row(2).replace("Sample record 2", '"Sample\r\nrecord,\n ""2"""'), row(3))
    found = pieces(pubmed_csv, text)
    assert pmids(found) == [1, 2, 3]
    assert found[1].read().title == 'Sample record, "2"'
    assert [piece.line for piece in found] == [2, 3, 6]


def test_a_search_history_is_refused_as_what_it_is():
    text = 'Search number,Query,Filters,Search Details,Results,Time\n1,alpha,,"""alpha""",12,05:06:07\n'
    with pytest.raises(ParseError, match=r"search history of PubMed.*choose Save"):
        importers.read(text.encode())


def test_another_csv_file_is_not_taken_for_an_export():
    assert not pubmed_csv.matches("id,title,authors\n1,Sample,Alpha\n")
    with pytest.raises(ParseError, match="not the header"):
        importers.read(b"id,title\n1,Sample\n", format="pubmed-csv")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (CITATION, ("J Sample", "2021-03-15", "12", "3", "132-42")),
        ("J Sample. 2021;12:e5.", ("J Sample", "2021", "12", "", "e5")),
        ("J Sample (Alphatown). 1998 Mar-Apr;95(2 Pt 1):S1-9; discussion S10.",
         ("J Sample (Alphatown)", "1998 Mar-Apr", "95", "2 Pt 1", "S1-9; discussion S10")),
        ("J Sample. 2014 Feb 3;(2):CD000001. doi: 10.1000/x", ("J Sample", "2014-02-03", "", "2", "CD000001")),
        ("J Sample. 2021 Spring;12 Suppl 1:1.", ("J Sample", "2021 Spring", "12 Suppl 1", "", "1")),
        ("J Sample. 2020 Jan 5:S0000-0000(20)30001-1. doi: 10.1000/x",
         ("J Sample", "2020-01-05", "", "", "S0000-0000(20)30001-1")),
        ("J Sample. 2019 Dec 28-2020 Jan 3;1(1):1.", ("J Sample", "2019", "1", "1", "1")),
        ("J Sample. 2020 Jan 5. doi: 10.1000/x", ("J Sample", "2020-01-05", "", "", "")),
    ],
)  # fmt: skip
def test_citations_are_taken_apart(written: str, expected: tuple[str, ...]):
    found = pubmed_citation.read(written)
    assert found is not None
    assert (found.container, str(found.date), found.volume, found.issue, found.pages) == expected


@pytest.mark.parametrize("written", ["A title. With a second sentence.", "In: a sentence.", "", "2021;12:3."])
def test_a_sentence_is_no_citation(written: str):
    assert pubmed_citation.read(written) is None


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Alpha A, Beta-Gamma BC Jr, van der Delta D, O'Epsilon É; Sample Study Group.",
         ["Alpha A", "Beta-Gamma BC Jr", "van der Delta D", "O'Epsilon É", "Sample Study Group"]),
        ("Sample Consortium(1); Alpha A(1)(2), Beta B(#)", ["Sample Consortium", "Alpha A", "Beta B"]),
        ("Group of Alpha, Beta and Gamma; Alpha A", ["Group of Alpha, Beta and Gamma", "Alpha A"]),
    ],
)  # fmt: skip
def test_authors_are_told_from_bodies(written: str, names: list[str]):
    assert [one.as_written for one in pubmed_citation.authors(written) or ()] == names


@pytest.mark.parametrize("written", ["Sample record about alpha", "Alpha is a word, beta is another one", ""])
def test_words_are_no_authors(written: str):
    assert pubmed_citation.authors(written) is None


def printed_authors(tags: nbib_as_xml.Tags) -> str:
    return "; ".join(filter(None, (", ".join(nbib_as_xml.every(tags, "AU")), *nbib_as_xml.every(tags, "CN")))) + "."


def printed_summary(number: int, tags: nbib_as_xml.Tags) -> str:
    title, citation, pmid, pmcid = (nbib_as_xml.first(tags, tag) for tag in ("TI", "SO", "PMID", "PMC"))
    numbers = f"PMID: {pmid}; PMCID: {pmcid}." if pmcid else f"PMID: {pmid}."
    return f"{number}: {printed_authors(tags)} {title} {citation} {numbers}\n\n"


def printed_abstract(number: int, tags: nbib_as_xml.Tags) -> str:
    parts = [nbib_as_xml.first(tags, tag) for tag in ("SO", "TI", "AB")]
    parts.insert(2, printed_authors(tags))
    numbers = {"PMCID": nbib_as_xml.first(tags, "PMC"), "PMID": nbib_as_xml.first(tags, "PMID")}
    written = [textwrap.fill(part, 80, break_long_words=False, break_on_hyphens=False) for part in parts if part]
    return f"{number}. " + "\n\n".join([*written, "\n".join(f"{k}: {v}" for k, v in numbers.items() if v)]) + "\n\n\n"


def printed_row(tags: nbib_as_xml.Tags) -> list[str]:
    pmid, title, citation, journal, pmcid = (nbib_as_xml.first(tags, tag) for tag in ("PMID", "TI", "SO", "TA", "PMC"))
    return [pmid, title, printed_authors(tags), citation, "", journal, "", "", pmcid, "", ""]


def as_exports(found: list[nbib_as_xml.Tags]) -> dict[str, str]:
    """The records in the layouts of the three exports. The citation of each is the one that PubMed prints."""
    table = io.StringIO()
    csv.writer(table).writerows([HEADER.split(","), *map(printed_row, found)])
    return {
        "pubmed-summary": "".join(printed_summary(number, tags) for number, tags in enumerate(found, start=1)),
        "pubmed-abstract": "".join(printed_abstract(number, tags) for number, tags in enumerate(found, start=1)),
        "pubmed-csv": table.getvalue(),
    }


@pytest.mark.skipif(not SET_OF_75.is_file(), reason="the folder ../shared/data/nbib is absent")
@pytest.mark.parametrize("name", [export.NAME for export in EXPORTS])
def test_75_real_citations_say_the_same_as_in_medline_text(name: str):
    text = SET_OF_75.read_text(encoding="utf-8")
    records = importers.read(as_exports(nbib_as_xml.records(text))[name].encode())
    originals = importers.read(text.encode())
    assert {record.format for record in records} == {name}
    for record, original in zip(records, originals, strict=True):
        assert record.title == original.title
        assert {one.as_written for one in record.contributors} == {one.as_written for one in original.contributors}
        assert (record.volume, record.issue) == (original.volume, original.issue)
        assert set(record.identifiers) == set(original.identifiers)
        # The citation has a date to the day, and a PII in the place of pages, where the record leaves these out.
        assert str(record.date)[:4] == str(original.date)[:4]
        assert record.pages == original.pages or not original.pages
        assert name != "pubmed-abstract" or record.document == original.document


JUNK = st.text(st.sampled_from("ab;: -\xe9"), min_size=1, max_size=20).map(lambda text: f"Junk{text}\n")


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.NAME)
@settings(deadline=None, max_examples=100)
@given(junk=st.lists(JUNK, max_size=6))
def test_no_record_is_lost_among_other_text(export: ModuleType, junk: list[str]):
    gap = "" if export is pubmed_csv else "\n\n"
    parts = [words + gap + WRITERS[export](number) + gap for number, words in enumerate(junk, start=1)]
    assert pmids(pieces(export, file(export, *parts))) == list(range(1, len(junk) + 1))


PARTS = st.sampled_from(
    [
        *(
            "1. ",
            "2: ",
            "In: ",
            CITATION,
            " doi: 10.1/",
            "PMID: 1",
            "PMID: 0",
            "PMCID: PMC1; ",
            "Erratum in: ",
            "\n\n\n",
        ),
        *("Alpha A", "(1)", ", ", "; ", ". ", "Author information:\n", "Comment in\n    ", "[Article in German]", "\n"),
        *("METHODS: ", "© ", "Conflict of interest statement: ", '"', ",", "\x00", "2020", "editors. ", "[Internet]. "),
    ]
)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.NAME)
@settings(deadline=None, max_examples=100)
@given(parts=st.lists(PARTS | st.text(max_size=8), max_size=30))
def test_nothing_but_parse_errors_comes_out(export: ModuleType, parts: list[str]):
    for piece in pieces(export, file(export, "1. ", *parts).encode("utf-8", "replace")):
        if isinstance(piece, Raw):
            try:
                assert piece.read().title
            except ParseError:
                continue


LONG = [
    *(
        "1. J Sample. 2020;1:1.\n\nTitle.\n\n" + sign * 300_000
        for sign in ("A", "Alpha A, ", "(1)", "; ", "METHODS: ", ". ")
    ),
    *(
        "1: A A. " + sign * 200_000 + ". PMID: 1."
        for sign in ("A", ". 2020;", "In: ", "PMID: 1; ", "doi: ", "Erratum in: ")
    ),
    *("1,x," + sign * 200_000 for sign in ('"', "\n", '"\n', ",", '"a,b\n')),
    "1. x\n\n\n" * 50_000,
]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.NAME)
@pytest.mark.parametrize("text", LONG, ids=lambda text: f"{text[:35]!r}...")
def test_long_files_take_no_more_time_than_they_are_long(export: ModuleType, text: str):
    start = time.process_time()
    for piece in pieces(export, file(export, text)):
        try:
            assert isinstance(piece, Unreadable) or piece.read()
        except ParseError:
            continue
    assert time.process_time() - start < 30
