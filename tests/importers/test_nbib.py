"""MEDLINE's tagged text: where records begin, that none is lost, and that real files say what they say elsewhere."""

import dataclasses
import io
import itertools
import json
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import nbib
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record
from articles.importers.shared import labelled
from tests.importers import nbib_as_xml

REAL = Path(__file__).parents[3] / "shared" / "data" / "nbib"
SET_OF_75 = REAL / "holub008-nbib" / "resources" / "pubmed-balloongui-set.nbib"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the folder ../shared/data/nbib is absent")


TAGS = """
TI TT AB OAB FAU AU AUID AD CN JT TA VI IP PG LID AID PT MH OT OTO GR COIS LA SI PB BTI FED ED FIR IR IRAD CI RN PS FPS
GN GS SB JID PHST PMCR MID EDAT SO XYZ DP STAT EIN DRIN
"""


def record(number: int, end: str = "\n") -> str:
    lines = (f"PMID- {number}", "OWN - NLM", f"TI  - Sample record {number}", "      of many", "SO  - J Sample. 2020.")
    return end.join((*lines, ""))


def pieces(text: str | bytes) -> list[Raw | Unreadable]:
    return list(nbib.split(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def read(text: str) -> Record:
    (piece,) = pieces(text)
    assert isinstance(piece, Raw)
    return piece.read()


def pmids(found: list[Raw | Unreadable]) -> list[str]:
    records = [piece.read() for piece in found if isinstance(piece, Raw)]
    return [dict(one.identifiers)["pmid"] for one in records]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("gap", ["", "\n", "\n\n\n"], ids=["none", "blank line", "blank lines"])
def test_records_are_told_apart_with_and_without_blank_lines(end: str, gap: str):
    text = gap.replace("\n", end).join(record(number, end) for number in (1, 2, 3))
    assert pmids(pieces(text)) == ["1", "2", "3"]


def test_records_without_pmid_begin_with_their_owner():
    eric = "OWN - ERIC\nTI  - Sample {0}\nAU  - Alpha, Anna\nDP  - Apr 2019\n"
    found = pieces("\n" + "\n".join(map(eric.format, "ABC")) + "\n" + record(7))
    assert [piece.read().title for piece in found] == ["Sample A", "Sample B", "Sample C", "Sample record 7 of many"]


def test_records_of_pmc_begin_with_its_number_which_others_have_near_their_end():
    found = pieces("PMC - PMC1\n" + record(1) + "\nPMC - PMC2\n" + record(2) + "\n" + record(3))
    assert [dict(piece.read().identifiers).get("pmcid") for piece in found] == ["PMC1", "PMC2", None]


def test_a_record_with_a_blank_line_after_each_line_stays_one():
    double_spaced = record(1).replace("\n", "\n\n").replace("SO  -", "PMC - PMC5\n\nSO  -")
    one, two = pieces(double_spaced + record(2))
    assert dict(one.read().identifiers) == {"pmid": "1", "pmcid": "PMC5"}
    assert one.read().title == "Sample record 1 of many"
    assert dict(two.read().identifiers) == {"pmid": "2"}


def test_text_around_records_is_told_with_its_line():
    text = f"Dear colleague,\n\n{record(1)}\nSent from a sample\n\n      with love\n{record(2)}"
    before, one, after, two = pieces(text)
    assert pmids([one, two]) == ["1", "2"]
    assert [(piece.line, piece.message) for piece in (before, after)] == [
        (1, "There is text that belongs to no record: 'Dear colleague,'."),
        (9, "There is text that belongs to no record: 'Sent from a sample'."),
    ]


def test_a_bad_record_fails_alone_and_is_named_with_its_line():
    found = pieces(
        record(1) + "\nPMID- 2\nOWN - NLM\n\n" + record(3) + "\nPMID- 4\nTI  - \xff".replace("\xff", "") + "\n"
    )
    outcomes = []
    for piece in found:
        try:
            outcomes.append(dict(piece.read().identifiers)["pmid"])
        except ParseError as error:
            outcomes.append(str(error))
    assert outcomes == [
        "1",
        "line 7: The record PMID 2 has no title.",
        "3",
        "line 16: The record PMID 4 has no title.",
    ]


def test_bytes_that_are_no_text_spoil_one_record_only():
    one, bad, three = pieces(record(1).encode() + record(2).encode().replace(b"many", b"m\xe4ny") + record(3).encode())
    assert pmids([one, three]) == ["1", "3"]
    with pytest.raises(ParseError, match="not UTF-8"):
        bad.read()


def test_every_value_of_a_record_is_found_again():
    """Nothing lost: each tag has a value of its own, and all of them stand somewhere in the record."""
    tags = TAGS.split()
    text = "PMID- 5\n" + "".join(f"{tag:4}- value-of-{tag.lower()}\n" for tag in tags)
    said = json.dumps(dataclasses.asdict(read(text)), default=str)
    assert [tag for tag in tags if f"value-of-{tag.lower()}" not in said] == []


def test_an_author_has_only_what_stands_below_their_name():
    found = read(
        "PMID- 1\nTI  - Sample\n"
        "FED - Editorson, Eva\nED  - Editorson E\nAD  - Not hers.\n"
        "FAU - Alpha, Anna\nAU  - Alpha A\n"
        "CN  - Sample Group\nAD  - Place of the group.\n"
        "AU  - Beta B\n"
        "AU  - Gamma C 3rd\nAUID- ORCID: 0000-0002-1825-0097\n"
        "FIR - Delta, Dora\nIR  - Delta D\nAD  - Not Gamma's.\n"
    )
    assert [(one.as_written, one.given, one.affiliation, one.orcid) for one in found.contributors] == [
        ("Alpha A", "Anna", "", ""),
        ("Sample Group", "", "Place of the group.", ""),
        ("Beta B", "B", "", ""),
        ("Gamma C 3rd", "C 3rd", "", "0000-0002-1825-0097"),
    ]
    assert found.extra["AD"] == ["Not hers.", "Not Gamma's."]


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - A record of RIS\nAB  - x\nJT  - y\nER  - \n",
        "<html><pre>\nPMID- 1\nTI  - A page\n</pre>",
        "A text that says TI  - and AU  - within its lines.",
        "PT J\nAU Alpha, A\nTI A record of the Web of Science\nSO J SAMPLE\nER\n",
    ],
)
def test_files_of_others_are_not_taken_for_it(text: str):
    assert not nbib.matches(text)


@pytest.mark.parametrize(
    ("abstract", "labels"),
    [
        ("BACKGROUND: Alpha. METHODS: Beta.", ["BACKGROUND", "METHODS"]),
        ("BACKGROUND: Is alpha beta? MAIN OUTCOME MEASURE(S): Beta.", ["BACKGROUND", "MAIN OUTCOME MEASURE(S)"]),
        ("OBJECTIVE: Alpha without a full stop MATERIAL & METHODS: Beta.", ["OBJECTIVE", "MATERIAL & METHODS"]),
        ("METHODS: Case report RESULTS: Beta.", ["METHODS", "RESULTS"]),
        ("AIM: Tones (T1: high; T2: low). RESULTS: Pre. IL-6: it rose.", ["AIM", "RESULTS"]),
        ("METHODS: Alpha, and no other label.", [""]),
        ("MRI: Alpha. DNA: Beta. RNA: Gamma.", [""]),
        ("Alpha was new. METHODS: Beta. RESULTS: Gamma.", [""]),
        ("Background: Alpha. Methods: Beta.", [""]),
        ("", [""]),
    ],
)
def test_an_abstract_is_divided_at_unmistakable_labels_only(abstract: str, labels: list[str]):
    assert [label for label, _text in labelled.parts(abstract)] == labels


PARAGRAPH = st.text(st.sampled_from("ab: -.\t\xe9\u2028"), min_size=1, max_size=30).map(lambda text: f"Junk {text}")


@settings(deadline=None, max_examples=100)
@given(st.lists(PARAGRAPH, min_size=1, max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_record_is_lost_among_other_text(junk: list[str], end: str):
    text = "".join(f"{words}{end}{end}{record(n, end)}{end}" for n, words in enumerate(junk, start=1))
    assert pmids(pieces(text)) == [str(number) for number in range(1, len(junk) + 1)]


LINES = st.lists(
    st.sampled_from(
        [
            *("PMID- 1", "PMID- ", "OWN - NLM", "TI  - [Alpha].", "TI  - .", "AB  - METHODS: a RESULTS: b", "AU  - ,"),
            *(
                "FAU - ,",
                "AUID- ORCID: 1",
                "DP  - 0000",
                "DP  - 2020 Feb 31",
                "LID -  [doi]",
                "SI  - /",
                "EIN - PMID: 0",
            ),
            *(
                "OAB - Publisher: ",
                "OABL- x",
                "LA  - ",
                "PMC - PMC0",
                "      ",
                "      more",
                "junk",
                "",
                "\x0c",
                "\x00",
            ),
        ]
    )
    | st.text(max_size=20),
    max_size=25,
)


@settings(deadline=None, max_examples=120)
@given(LINES)
def test_nothing_but_parse_errors_comes_out(lines: list[str]):
    for piece in pieces("\n".join(lines).encode("utf-8", "replace")):
        if isinstance(piece, Raw):
            try:
                assert piece.read().title
            except ParseError:
                continue


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes):
    try:
        found = pieces(b"PMID- 1\nTI  - " + data)
        assert found
        for piece in found:
            if isinstance(piece, Raw):
                piece.read()
    except ParseError:
        pass


@pytest.mark.parametrize(
    "text",
    [
        "PMID- 1\nTI  - x\nAB  - " + "A" * 2_000_000,
        "PMID- 1\nTI  - x\nAB  - " + "METHODS " * 200_000,
        "PMID- 1\nTI  - x\nAB  - METHODS: " + "AB. CD: " * 200_000,
        "PMID- 1\nTI  - " + "[" * 1_000_000,
        "PMID- 1\nTI  - x\n" + "AU  - x\n" * 100_000,
        "PMID- 1\nTI  - x\nAU  - " + "x " * 500_000,
        "PMID- 1\nTI  - x\nEIN - " + ". " * 500_000,
        "PMID- 1\nTI  - x\nSO  - " + "doi: " * 300_000,
        "PMID- 1\n" * 20_000,
        "\n" * 1_000_000 + "PMID- 1\nTI  - x",
    ],
    ids=lambda text: f"{text[:25]!r}...",
)
def test_long_files_take_no_more_time_than_they_are_long(text: str):
    start = time.process_time()
    for piece in pieces(text):
        try:
            assert isinstance(piece, Unreadable) or piece.read()
        except ParseError:
            continue
    assert time.process_time() - start < 20


class Endless(io.RawIOBase):
    """A file of so many records that is never held as a whole."""

    def __init__(self, records: Iterator[bytes]) -> None:
        self._records, self._waiting = records, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._waiting = self._waiting or next(self._records, b"")
        chunk, self._waiting = self._waiting[: len(buffer)], self._waiting[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


def test_memory_does_not_grow_with_the_file():
    filling = "OT  - " + "word " * 2_000 + "\n"
    records = ((record(number) + filling).encode() for number in range(1, 3_001))
    tracemalloc.start()
    count = sum(1 for _piece in nbib.split(io.BufferedReader(Endless(records))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3_000
    assert peak < 5_000_000


def test_a_record_larger_than_any_is_refused_and_the_others_arrive():
    huge = itertools.chain([record(1).encode()], (b"AB  - " + b"x" * 100_000 + b"\n" for _ in range(300)))
    found = list(nbib.split(io.BufferedReader(Endless(itertools.chain(huge, [record(2).encode()])))))
    assert isinstance(found[0], Unreadable)
    assert "20 MB" in found[0].message
    assert pmids(found[1:]) == ["2"]


def real_files() -> list[Path]:
    return sorted([*REAL.rglob("*.nbib"), *REAL.rglob("*medlars.txt")])


@needs_real_files
@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.name)
def test_real_files_are_read_without_any_problem(path: Path):
    with path.open("rb") as file:
        found = list(importers.scan(file))
    assert {one.format for one in found} == {"nbib"}
    assert all(one.read().title for one in found)


@needs_real_files
def test_the_set_of_75_records_gives_75():
    with SET_OF_75.open("rb") as file:
        records = [found.read() for found in importers.scan(file)]
    assert len(records) == 75
    assert len({dict(one.identifiers)["pmid"] for one in records}) == 75
    assert sum(one.is_medline is True for one in records) == SET_OF_75.read_bytes().count(b"\nSTAT- MEDLINE")


@needs_real_files
@pytest.mark.parametrize("path", [SET_OF_75, *sorted(REAL.glob("zotero/case0[3469].nbib"))], ids=lambda path: path.name)
def test_the_same_records_in_xml_give_the_same_sources(path: Path):
    """Field by field. `extra` is compared no further: each format keeps there what is left under its own names."""
    text = path.read_text(encoding="utf-8")
    twins = importers.read(nbib_as_xml.article_set(nbib_as_xml.records(text)).encode())
    records = importers.read(path.read_bytes())
    assert len(records) == len(twins) > 0
    differing = [
        (one.identifiers[0], field.name)
        for one, twin in zip(records, twins, strict=True)
        for field in dataclasses.fields(Record)
        if field.name not in ("format", "raw_sha256", "extra") and getattr(one, field.name) != getattr(twin, field.name)
    ]
    assert differing == []
