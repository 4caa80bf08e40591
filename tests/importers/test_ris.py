"""RIS: every record of every dialect arrives, alone where its neighbours are broken, with all that it says."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import ris
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record

REAL = Path(__file__).parents[3] / "shared" / "data" / "ris" / "rispy" / "data"
GOOD = "TY  - JOUR\nTI  - Sample {0}\nDO  - 10.1234/sample.{0}\nER  - \n"

# rispy's samples of single features of the format, which leave out the title.
WITHOUT_TITLE = {"example_bom.ris": 1, "example_custom_list_tags.ris": 1, "example_multiline.ris": 3}


def pieces(text: str) -> list[Raw | Unreadable]:
    return list(ris.FORMAT.split(io.BytesIO(text.encode())))


def read(text: str) -> Record:
    (piece,) = pieces(text)
    assert isinstance(piece, Raw)
    return piece.read()


def with_lines(*lines: str) -> Record:
    return read("\n".join(["TY  - JOUR", "TI  - Sample", *lines, "ER  - "]))


def test_a_new_record_begins_where_the_one_before_has_no_end():
    records = [piece.read() for piece in pieces("TY  - JOUR\nTI  - Sample\n" * 11 + "ER  - \n")]
    assert len(records) == 11
    assert [len(record.repairs) for record in records] == [1] * 10 + [0]
    assert "end of the record" in records[0].repairs[0]


def test_text_between_records_is_told_with_its_line_and_loses_none():
    first, between, second = pieces(f"{GOOD.format(1)}\nAn advertisement\n\nof two paragraphs\n{GOOD.format(2)}")
    assert [first.read().title, second.read().title] == ["Sample 1", "Sample 2"]
    assert isinstance(between, Unreadable)
    assert between.line == 6
    assert "An advertisement" in between.message


def test_what_databases_print_around_records_is_no_problem():
    text = f"Record #1 of 2\nProvider: Sample\nContent: text/plain\n\n1.\n{GOOD.format(1)}\n\n2.\n{GOOD.format(2)}"
    assert [piece.read().title for piece in pieces(text)] == ["Sample 1", "Sample 2"]


def test_tagged_lines_without_their_beginning_are_a_record():
    record = read("TI  - Sample\nAU  - Alpha, A.\nER  - \n")
    assert record.contributors[0].family == "Alpha"
    assert "beginning of the record" in record.repairs[0]


@pytest.mark.parametrize("mark", ["TY  - JOUR", "TY - JOUR", "TY -JOUR", "TY- JOUR", "TY  -JOUR"])
def test_spaces_of_the_first_line_tell_how_tags_are_written(mark: str):
    begin = mark.removesuffix("JOUR")[2:]
    record = read(f"{mark}\nTI{begin}Sample\nAB{begin}Counted:\nIL-6 and T2-weighted.\nER{begin.rstrip()}\n")
    assert record.title == "Sample"
    assert record.document.text == "Counted: IL-6 and T2-weighted."
    assert record.repairs == ()


def test_every_value_of_a_repeated_or_unknown_tag_is_kept():
    record = with_lines("TI  - Another title", "T2  - Journal", "JO  - Jnl", "XX  - one", "XX  - two")
    assert record.container == "Journal"
    assert record.extra == {"TY": ["JOUR"], "TI": ["Another title"], "JO": ["Jnl"], "XX": ["one", "two"]}


@pytest.mark.parametrize(
    ("lines", "date", "kept"),
    [
        (["PY  - 2012/10/22/"], "2012-10-22", {}),
        (["PY  - 2012///Spring"], "2012 Spring", {}),
        (["Y1  - 2014//"], "2014", {}),
        (["PY  - 2012", "DA  - 2012/03/"], "2012-03", {}),
        (["PY  - 2012", "DA  - Oct 22"], "2012-10-22", {}),
        (["PY  - 2012", "DA  - 2019-03-18"], "2012", {"DA": ["2019-03-18"]}),
        (["PY  - in press 2012"], "2012", {"PY": ["in press 2012"]}),
        (["PY  - 2012/13/45/"], "2012", {"PY": ["2012/13/45/"]}),
        (["PY  - 05/06/2012"], "2012", {"PY": ["05/06/2012"]}),
        (["PY  - 22/06/2012"], "2012-06-22", {}),
        (["PY  - soon"], "", {"PY": ["soon"]}),
    ],
)
def test_dates_are_read_as_far_as_they_are_clear(lines: list[str], date: str, kept: dict[str, list[str]]):
    record = with_lines(*lines)
    assert str(record.date or "") == date
    assert record.extra == {"TY": ["JOUR"], **kept}


@pytest.mark.parametrize(
    ("lines", "identifiers"),
    [
        (["DO  - http://dx.doi.org/10.1234/ABC"], {"doi": "10.1234/abc"}),
        (["M3  - 10.1234/abc"], {"doi": "10.1234/abc"}),
        (["UR  - https://doi.org/10.1234/abc"], {"doi": "10.1234/abc"}),
        (["UR  - https://pubmed.ncbi.nlm.nih.gov/123/?report=x"], {"pmid": "123"}),
        (["UR  - https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/"], {"pmcid": "PMC123"}),
        (["AN  - 12345", "DB  - PubMed"], {"pmid": "12345"}),
        (["AN  - 12345", "DP  - NLM"], {"pmid": "12345"}),
        (["AN  - 12345", "DB  - PsycINFO"], {}),
        (["AN  - 12345"], {}),
        (["C2  - 12345", "DB  - Scopus"], {"pmid": "12345"}),
        (["C2  - PMC123"], {"pmcid": "PMC123"}),
        (["AN  - PUBMED 12345"], {"pmid": "12345"}),
        (["N1  - Cited by: 3", "PMID: 12345"], {"pmid": "12345"}),
        (["N1  - Comment on PMID: 12345"], {}),
        (["UR  - https://samples.example/view?id=1"], {"url": "https://samples.example/view?id=1"}),
        (["UR  - https://samples.example/", "SN  - 978-0-306-40615-7"], {}),
        (["UR  - https://samples.example/view?id=1", "DO  - 10.1234/abc"], {"doi": "10.1234/abc"}),
    ],
)
def test_only_unmistakable_numbers_of_the_document_are_identifiers(lines: list[str], identifiers: dict[str, str]):
    record = with_lines(*lines)
    assert dict(record.identifiers) == identifiers


def test_number_that_is_no_identifier_is_kept():
    record = with_lines("AN  - 12345", "DO  - not a DOI", "UR  - https://samples.example/")
    kept = {"AN": ["12345"], "DO": ["not a DOI"], "UR": ["https://samples.example/"]}
    assert record.extra == {"TY": ["JOUR"], **kept}


@pytest.mark.parametrize(
    ("written", "family", "given", "collective"),
    [
        ("Alpha, Ann B.", "Alpha", "Ann B.", ""),
        ("van Alpha,Ann", "van Alpha", "Ann", ""),
        ("Alpha, Ann, III", "Alpha", "Ann III", ""),
        ("Alpha A.", "Alpha", "A.", ""),
        ("Ann van Alpha", "van Alpha", "Ann", ""),
        ("Alpha,", "", "", "Alpha"),
        ("Sample Society for Alpha", "", "", "Sample Society for Alpha"),
    ],
)
def test_names_are_divided(written: str, family: str, given: str, collective: str):
    (author,) = with_lines(f"AU  - {written}").contributors
    assert (author.family, author.given, author.collective) == (family, given, collective)


@pytest.mark.parametrize(
    ("lines", "kind", "is_guess"),
    [
        ([], "abstract", True),
        (["M3  - Journal Article"], "abstract", True),
        (["M3  - Article"], "abstract", True),
        (["M3  - Review"], "review", False),
        (["M3  - Journal Article; Randomized Controlled Trial"], "abstract", False),
        (["M3  - Trial registry record"], "trial_registration", False),
    ],
)
def test_kind_is_a_fact_only_where_the_record_names_a_type(lines: list[str], kind: str, is_guess: bool):
    record = with_lines(*lines)
    assert record.kind == kind
    assert ("kind" in record.guesses) is is_guess


def test_several_authors_may_share_a_line():
    assert [one.family for one in with_lines("AU  - Alpha, A.; Beta, B.;").contributors] == ["Alpha", "Beta"]


def test_book_keeps_its_isbn_and_a_chapter_does_not_take_it():
    book = read("TY  - BOOK\nTI  - Sample\nSN  - 978-0-306-40615-7\nER  - ")
    chapter = read("TY  - CHAP\nTI  - Sample\nSN  - 978-0-306-40615-7\nER  - ")
    assert book.identifiers == (("isbn", "9780306406157"),)
    assert chapter.identifiers == ()
    assert chapter.extra["SN"] == ["978-0-306-40615-7"]


def test_title_mark_of_a_retraction_sets_the_status():
    assert read("TY  - JOUR\nTI  - RETRACTED: Sample\nER  - ").publication_status == "retracted"


def test_record_without_title_fails_alone_with_its_line():
    first, second = pieces("\nTY  - JOUR\nDO  - 10.1234/a\nER  - \n" + GOOD.format(1))
    with pytest.raises(ParseError, match="no title") as raised:
        first.read()
    assert raised.value.line == 2
    assert second.read().title == "Sample 1"


def test_wrong_encoding_fails_alone():
    data = GOOD.format(1).encode() + b"TY  - JOUR\nTI  - caf\xe9\nER  - \n" + GOOD.format(2).encode()
    first, bad, second = ris.FORMAT.split(io.BytesIO(data))
    assert [first.read().title, second.read().title] == ["Sample 1", "Sample 2"]
    with pytest.raises(ParseError, match="UTF-8"):
        bad.read()


def test_web_of_science_and_ris_may_stand_in_one_file():
    text = f"FN Sample\nVR 1.0\nPT J\nTI Sample\n   zero\nER\n\nPT J\nTI Sample no end\n{GOOD.format(1)}EF\n"
    titles = [piece.read().title for piece in pieces(text)]
    assert titles == ["Sample zero", "Sample no end", "Sample 1"]


JUNK = st.lists(
    st.one_of(
        st.sampled_from(["1.", "junk", "  more", "A- b", "ER", "T2 - x", "", "EF", "VR 1.0", "ER  - ", "TY", "{}"]),
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8),
    ),
    max_size=4,
).map(lambda lines: "\n".join(lines) + "\n")


@settings(deadline=None)
@given(st.lists(JUNK, min_size=2, max_size=6))
def test_no_well_formed_record_is_lost_among_junk(junk: list[str]):
    text = junk[0] + "".join(GOOD.format(number) + between for number, between in enumerate(junk[1:]))
    found = [piece for piece in pieces(text) if isinstance(piece, Raw)]
    dois = [dict(piece.read().identifiers)["doi"] for piece in found if b"10.1234/sample" in piece.data]
    assert dois == [f"10.1234/sample.{number}" for number in range(len(junk) - 1)]


TAGS = st.sampled_from(
    ["TY", "TI", "AU", "A1", "PY", "DA", "AB", "KW", "SP", "DO", "UR", "AN", "M3", "ER", "PT", "C1", "OI", "PD"]
)
VALUES = st.one_of(
    st.sampled_from(["JOUR", "BOOK", "J", "2012/1/", "a, b", "METHODS: x", "<p>", "10.1/x", "http://"]),
    st.text(max_size=9),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.builds("{}{}{}".format, TAGS, st.sampled_from(["  - ", " - ", " ", "-"]), VALUES), max_size=12))
def test_any_lines_are_read_or_refused(lines: list[str]):
    for piece in pieces("\n".join(["TY  - JOUR", "TI  - Sample", *lines])):
        try:
            assert isinstance(piece, Unreadable) or piece.read().title
        except ParseError:
            continue


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder ../shared/data/ris is absent")
@pytest.mark.parametrize("path", sorted(REAL.glob("*.ris")), ids=lambda path: path.stem)
def test_real_file_is_read_whole(path: Path):
    with path.open("rb") as file:
        found = list(importers.scan(file))
    failed = [one for one in found if fails(one)]
    assert {one.format for one in found} == {"ris"}
    assert len(failed) == WITHOUT_TITLE.get(path.name, 0)
    text = path.read_text(encoding="utf-8-sig")
    assert len(found) == sum(line.startswith(("TY  -", "PT J")) for line in text.split("\n"))


def fails(found: importers.Found) -> bool:
    try:
        return not found.read().title
    except ParseError as error:
        return "no title" in str(error)
