"""Files of PubMed's XML: what is a record in them and what is not, and what hostile ones cannot do."""

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
from lxml import etree

from articles import importers
from articles.importers import pubmed_xml
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record
from articles.importers.shared.tidying import tidy
from articles.lib.text import normalise

REAL = Path(__file__).parents[3] / "shared" / "data" / "pubmed-xml"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the folder ../shared/data/pubmed-xml is absent")


def article(pmid: int, title: str = "Sample record about alpha", inside: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle>{inside}"
        "</Article></MedlineCitation></PubmedArticle>"
    )


def article_set(*parts: str) -> str:
    return '<?xml version="1.0"?>\n<PubmedArticleSet>\n' + "\n".join(parts) + "\n</PubmedArticleSet>\n"


def pieces(text: str | bytes) -> list[Raw | Unreadable]:
    data = text.encode() if isinstance(text, str) else text
    return list(pubmed_xml.split(io.BytesIO(data)))


def read(text: str | bytes) -> list[Record | ParseError | Unreadable]:
    """What became of each piece of a file."""
    return [outcome(piece) for piece in pieces(text)]


def outcome(piece: Raw | Unreadable) -> Record | ParseError | Unreadable:
    if isinstance(piece, Unreadable):
        return piece
    try:
        return piece.read()
    except ParseError as error:
        return error


def pmids(outcomes: list[Record | ParseError | Unreadable]) -> list[int]:
    return [int(dict(one.identifiers)["pmid"]) for one in outcomes if isinstance(one, Record)]


def problems(outcomes: list[Record | ParseError | Unreadable]) -> list[ParseError | Unreadable]:
    return [one for one in outcomes if not isinstance(one, Record)]


def test_one_bad_record_fails_alone_and_is_named():
    records = [article(number) for number in range(1, 101)]
    records[49] = article(50, "An <i>open tag")
    found = read(article_set(*records))
    assert pmids(found) == [number for number in range(1, 101) if number != 50]
    (problem,) = problems(found)
    assert isinstance(problem, ParseError)
    assert problem.line == 52
    assert "not well-formed" in str(problem)


@pytest.mark.parametrize(
    "bad",
    [
        b"<PubmedArticle>\xff</PubmedArticle>",
        b"<PubmedArticle>a\0b</PubmedArticle>",
        b"<PubmedArticle>&unknown;</PubmedArticle>",
        b"<PubmedArticle></PubmedArticle>",
        b"<PubmedArticle/>",
        article(2, " ").encode(),
        b"<PubmedArticle>" + b"<a>" * 400 + b"</a>" * 400 + b"</PubmedArticle>",
        b"<PubmedArticle>not even a PMID",
        b"<PubmedArticle>" + b"x" * 21_000_000 + b"</PubmedArticle>",
        b"<PubmedArticle><!-- never closed</PubmedArticle>",
        b"<PubmedBookArticle><BookDocument><PMID>2</PMID></BookDocument></PubmedBookArticle>",
    ],
    ids=lambda data: data[:40].decode("utf-8", "replace"),
)
def test_records_around_a_bad_one_arrive(bad: bytes):
    found = read(b"<PubmedArticleSet>" + article(1).encode() + bad + article(3).encode() + b"</PubmedArticleSet>")
    assert pmids(found) == [1, 3]
    assert len(problems(found)) >= 1


@pytest.mark.parametrize(
    "between", ["some text", "<ERROR>no such PMID</ERROR>", "</PubmedArticle>", "&amp;", "<![CDATA[x]]>"]
)
def test_text_between_records_is_told_with_its_line(between):
    found = read(article_set(article(1), between, article(2)))
    assert pmids(found) == [1, 2]
    (problem,) = problems(found)
    assert isinstance(problem, Unreadable)
    assert problem.line == 4
    assert between[:10] in problem.message


def test_comments_declarations_and_sets_between_records_are_no_news():
    one = article_set(f"<!-- {article(9)} -->", "<?xml-stylesheet href='a'?>", article(1))
    two = "\ufeff" + article_set("\r\n", article(2))
    assert pmids(read(one + two)) == [1, 2]
    assert problems(read(one + two)) == []


def test_tags_in_comments_and_cdata_do_not_cut_a_record():
    title = "Alpha <!-- </PubmedArticle> --> <![CDATA[</PubmedArticle> <PubmedArticle>]]> <?pi </PubmedArticle> ?> beta"
    found = read(article_set(article(1, title), article(2)))
    assert pmids(found) == [1, 2]
    assert isinstance(found[0], Record)
    assert found[0].title == "Alpha </PubmedArticle> <PubmedArticle> beta"


def test_a_file_cut_anywhere_gives_all_whole_records_and_tells_the_rest():
    text = article_set(article(1), article(2), article(3)).encode()
    ends = [text.index(b"</PubmedArticle>", text.index(f">{number}<".encode())) + 16 for number in (1, 2, 3)]
    for size in range(text.index(b"<PubmedArticle>") + 1, len(text)):
        found = read(text[:size])
        whole = sum(end <= size for end in ends)
        assert pmids(found) == [1, 2, 3][:whole]
        assert len(problems(found)) <= 1
        assert problems(found) or text[:size].count(b"<PubmedArticle>") == whole


def test_the_record_that_is_cut_off_is_named():
    (first, last) = read(article_set(article(1), article(22))[:-70])
    assert pmids([first]) == [1]
    assert isinstance(last, Unreadable)
    assert "PMID 22" in last.message
    assert "file ends inside it" in last.message


@pytest.mark.parametrize(
    "text", ["<PubmedArticleSet></PubmedArticleSet>", "<PubmedArticleSet/>", "<?xml version='1.0'?>"]
)
def test_an_empty_set_is_said_to_hold_no_records(text):
    with pytest.raises(ParseError, match="no records"):
        pieces(text)


def test_deleted_records_are_told_one_by_one():
    deleted = "<DeleteCitation>\n<PMID Version='1'>7</PMID>\n<PMID>8</PMID>\n</DeleteCitation>"
    found = read(f"<MedlineCitationSet>\n{deleted}</MedlineCitationSet>")
    assert [(one.line, one.message[:38]) for one in problems(found) if isinstance(one, Unreadable)] == [
        (3, "PubMed deleted the record PMID 7: look"),
        (4, "PubMed deleted the record PMID 8: look"),
    ]


BOMB = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'


@pytest.mark.parametrize(
    "subset",
    [BOMB, '<!ENTITY x SYSTEM "file:///etc/passwd">', '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;', "]<!x"],
)
def test_definitions_in_the_file_are_refused(subset):
    doctype = f'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "http://127.0.0.1:9/x.dtd" [\n{subset}\n]>'
    text = f'<?xml version="1.0"?>\n{doctype}\n' + article_set(article(1, "&c; &x;"))
    assert pubmed_xml.matches(text)
    with pytest.raises(ParseError, match=r"line 2: .*definitions of its own"):
        pieces(text)


def test_the_dtd_on_the_network_is_never_asked_for():
    text = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "http://127.0.0.1:9/never.dtd">' + article(1)
    assert pmids(read(text)) == [1]


@pytest.mark.parametrize(
    "encoding", ["iso-8859-1", "windows-1252", "utf-16", "utf-8-sig", "UTF-8", "gb18030", "shift_jis"]
)
def test_declared_encodings_are_honoured(encoding):
    letter = "\u3042" if encoding in ("gb18030", "shift_jis") else "\u00e9"
    declared = "UTF-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?>' + article(1, f"Alpha {letter}" * 20_000)
    (record,) = importers.read(text.encode(encoding))
    assert record.title == f"Alpha {letter}" * 20_000


@pytest.mark.parametrize(
    ("head", "message"),
    [(b'encoding="x-unknown"', "x-unknown"), (b'encoding="utf-7"', "utf-7"), (b'encoding="us-ascii"', "ASCII")],
)
def test_encodings_that_cannot_be_read_are_refused(head, message):
    with pytest.raises(ParseError, match=message):
        pieces(b'<?xml version="1.0" %s?>' % head + article(1, "Alpha \u00e9").encode())


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>PubmedArticle</body></html>",
        '<!DOCTYPE article PUBLIC "JATS" "x.dtd"><article><front/></article>',
        '<?xml version="1.0"?><rss><channel/></rss>',
        "A text about <PubmedArticle>",
        "<eSearchResult><Count>1</Count></eSearchResult>",
        "<PubmedArticleSettings></PubmedArticleSettings>",
        "<!---->" * 9_000 + "x",
        "",
    ],
    ids=lambda text: text[:30],
)
def test_other_files_are_not_taken_for_pubmeds(text):
    began = time.process_time()
    assert not pubmed_xml.matches(text)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "name", ["PubmedArticleSet", "MedlineCitation Status='x'", "DeleteCitation", "PubmedBookArticle"]
)
def test_every_sort_of_file_of_pubmeds_is_recognised(name):
    assert pubmed_xml.matches(f"\n<?xml version='1.0'?>\n<!-- c --><!DOCTYPE a SYSTEM 'b'>\n<{name}>")


def test_letters_encoded_twice_are_put_right_and_told():
    (record,) = importers.read(article(1, "Alpha\u00e2\u20ac\u2122s \u00c3\u00a9").encode())
    assert record.title == "Alpha's \u00e9"
    assert record.repairs


@settings(max_examples=120, deadline=None)
@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("a \u2013\u2019\u00e9\u03b2\u2264\u00ad\u0301\u00a0\n\x85")),
        max_size=80,
    )
)
def test_short_cuts_give_the_one_normalised_form(text: str):
    assert tidy(text) == " ".join(normalise(" ".join(text.split())).split())


def test_white_space_between_letters_in_italics_stays():
    (record,) = importers.read(article(1, "<i>Alpha</i> <b>beta</b>\n<i>gamma</i>").encode())
    assert record.title == "Alpha beta gamma"


@pytest.mark.parametrize(
    ("printed", "date", "kept"),
    [
        ("<Year>2012</Year><Month>Oct</Month><Day>22</Day>", "2012-10-22", None),
        ("<Year>2012</Year><Month>02</Month>", "2012-02", None),
        ("<Year>2012</Year><Season>Summer</Season>", "2012 Summer", None),
        ("<MedlineDate>1998 Mar-Apr</MedlineDate>", "1998 Mar-Apr", None),
        ("<MedlineDate>Winter 1999</MedlineDate>", "1999 Winter", None),
        ("<MedlineDate>2007 Dec 15-31</MedlineDate>", "2007-12", "2007 Dec 15-31"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998", "1998 Dec-1999 Jan"),
        ("<Year>2012</Year><Month>Feb</Month><Day>30</Day>", "2012", "2012 Feb 30"),
        ("<MedlineDate>some time</MedlineDate>", "None", "some time"),
    ],
)
def test_dates_are_kept_as_far_as_they_are_clear(printed, date, kept):
    inside = f"<Journal><JournalIssue><PubDate>{printed}</PubDate></JournalIssue></Journal>"
    (record,) = importers.read(article(1, inside=inside).encode())
    assert str(record.date) == date
    assert record.extra.get("PubDate") == kept


@pytest.mark.parametrize(
    ("printed", "vernacular", "title", "original"),
    [
        ("Sample about alpha.", "", "Sample about alpha", ""),
        ("[Sample about alpha].", "", "Sample about alpha", ""),
        ("[Sample about alpha.]", "Beispiel: alpha.", "Sample about alpha", "Beispiel: alpha"),
        ("[Not Available].", "Beispiel: alpha.", "Beispiel: alpha", ""),
        ("[Not Available].", "", "[Not Available]", ""),
        ("[18F]alpha and [11C]", "", "[18F]alpha and [11C]", ""),
        ("And so on...", "", "And so on...", ""),
        ("", "Beispiel: alpha?", "Beispiel: alpha?", ""),
    ],
)
def test_titles_of_translations(printed, vernacular, title, original):
    (record,) = importers.read(article(1, printed, f"<VernacularTitle>{vernacular}</VernacularTitle>").encode())
    assert (record.title, record.original_title) == (title, original)


def test_identifiers_come_from_the_record_and_never_from_its_references():
    listed = '<ArticleIdList><ArticleId IdType="doi">10.9999/{}</ArticleId></ArticleIdList>'
    reference = f"<Reference><Citation>Beta</Citation>{listed.format('ref')}</Reference>"
    data = f"<PubmedData><ReferenceList>{reference}</ReferenceList></PubmedData>"
    located = '<ELocationID EIdType="doi">10.9999/own</ELocationID>'
    cited = article(1, inside=located).replace("</PubmedArticle>", data + "</PubmedArticle>")
    (record,) = importers.read(cited.encode())
    assert record.identifiers == (("pmid", "1"), ("doi", "10.9999/own"))
    assert record.references == ("Beta doi: 10.9999/ref",)


class Endless(io.RawIOBase):
    """A set of so many records of ten kilobytes, made while it is read."""

    def __init__(self, count: int) -> None:
        record = article(
            1, inside="<Abstract><AbstractText>" + "alpha " * 1_700 + "</AbstractText></Abstract>"
        ).encode()
        self._parts: Iterator[bytes] = itertools.chain([b"<PubmedArticleSet>"], itertools.repeat(record, count))
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        self._left = self._left or next(self._parts, b"")
        chunk, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


def test_memory_does_not_grow_with_the_file():
    peaks = []
    for count in (500, 5_000):
        tracemalloc.start()
        assert sum(1 for _ in pubmed_xml.split(io.BufferedReader(Endless(count)))) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
    assert peaks[1] < 10_000_000


def test_records_are_whole_wherever_the_reads_cut_them():
    texts = [article(number, "Alpha" + "a" * (number * 37 % 5_000)) for number in range(1, 1_200)]
    found = pieces(article_set(*texts))
    assert [piece.data.decode() for piece in found] == texts
    assert [piece.line for piece in found] == list(range(3, 1_202))


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "<PubmedArticle>",
            "<PubmedArticle><!--",
            "<PubmedArticle><MedlineCitation>",
            "<PubmedArticle </PubmedArticle",
        ),
        *("<!--", "<?", "<!DOCTYPE ", "<![CDATA[", "</PubmedArticle>", "<PubmedArticleSet ", "<", "x ", "<!-- -->x"),
        *("<DeleteCitation>", "<PubmedArticle><MedlineCitation></PubmedArticle", "<MedlineCitation><BookDocument>"),
        *("<PubmedArticle a='", "<PubmedArticle/>", "<PubmedArticle></PubmedArticle>", "<PubmedArticle><!-- --><?x?>"),
    ],
)
def test_no_file_takes_more_time_than_its_size(unit):
    def seconds(size: int) -> float:
        began = time.process_time()
        assert read(unit * (size // len(unit)) + article(1)) is not None
        return time.process_time() - began

    small, large = min(seconds(30_000) for _ in range(2)), seconds(300_000)
    assert large < small * 10 * 4 + 0.3


FRAGMENTS = (
    *(
        "text",
        "<foo>",
        "</foo>",
        "</PubmedArticle>",
        "<PubmedArticle>",
        "<PubmedArticle><MedlineCitation>",
        "<PubmedBookArticle>",
    ),
    *(
        "<ERROR/>",
        "<!-- a comment -->",
        "&",
        "\x00",
        "\ufeff",
        "\r\n",
        "<PubmedArticleSet>",
        "</PubmedArticleSet>",
        "<?x?>",
    ),
    *(
        "<DeleteCitation><PMID>1</PMID></DeleteCitation>",
        "<",
        ">",
        "]]>",
        "<![CDATA[",
        "<PubmedArticle/>",
        "<PubmedArticle ",
    ),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(st.sampled_from(FRAGMENTS), max_size=4), min_size=1, max_size=6))
def test_no_good_record_is_lost_among_junk(junk: list[list[str]]):
    text = "".join("".join(fragments) + " " + article(number) for number, fragments in enumerate(junk, start=1))
    assert pmids(read(text)) == list(range(1, len(junk) + 1))


TAGS = sorted(
    {
        *("Abstract", "AbstractText", "Article", "ArticleDate", "ArticleId", "ArticleIdList", "ArticleTitle", "Author"),
        *(
            "AuthorList",
            "Book",
            "BookDocument",
            "BookTitle",
            "CommentsCorrections",
            "CommentsCorrectionsList",
            "DataBank",
        ),
        *(
            "DataBankList",
            "DataBankName",
            "AccessionNumberList",
            "AccessionNumber",
            "Day",
            "DescriptorName",
            "ELocationID",
        ),
        *("Grant", "GrantList", "GrantID", "History", "Identifier", "Isbn", "Journal", "JournalIssue", "Keyword"),
        *("KeywordList", "Language", "LastName", "MedlineCitation", "MedlineDate", "MeshHeading", "MeshHeadingList"),
        *("Month", "OtherAbstract", "OtherID", "PMID", "Pagination", "PubDate", "PubmedData", "Reference", "Year"),
        *("ReferenceList", "RefSource", "Title", "VernacularTitle", "i", "Affiliation", "AffiliationInfo", "Publisher"),
        *("PubMedPubDate", "PublicationTypeList", "PublicationType", "MedlineJournalInfo", "Citation", "Initials"),
        *("mml:math", "mml:mfrac", "mml:msup", "mml:msqrt", "mml:mmultiscripts", "mml:mprescripts", "mml:mtable"),
    }
)
WORDS = st.sampled_from(
    ["", "alpha", "2012", "Feb", "30", "10.9999/a", "PMC1", "0000-0002-1825-0097", "[", "]", ".", "\u0661"]
)
ATTRIBUTES = st.sampled_from(
    ["", " IdType='doi'", " ValidYN='N'", " Source='ORCID'", " RefType='ErratumIn'", " Label='A'"]
)
TREES = st.recursive(
    WORDS,
    lambda inner: st.tuples(st.sampled_from(TAGS), ATTRIBUTES, st.lists(inner, max_size=4)).map(
        lambda one: f"<{one[0]}{one[1]}>{''.join(one[2])}</{one[0]}>"
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["PubmedArticle", "MedlineCitation", "PubmedBookArticle", "BookDocument"]),
    st.lists(TREES, max_size=5),
)
def test_any_tree_gives_a_record_or_a_clear_refusal(root, trees):
    inner = "<MedlineCitation><Article><ArticleTitle>Alpha</ArticleTitle>%s</Article>%s</MedlineCitation>%s"
    if "Book" in root:
        inner = "<BookDocument><Book><BookTitle>Alpha</BookTitle>%s</Book>%s</BookDocument>%s"
    body = "".join(trees)
    for text in (body, inner % (body, body, body), (inner % (body, body, body))[len(root) + 2 : -len(root) - 3]):
        for found in read(f"<{root}>{text}</{root}>"):
            if isinstance(found, Record):
                assert found.title
                json.dumps(found.extra)


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from((*FRAGMENTS, "<!--", "-->", "<!DOCTYPE x", "[", "]>")), max_size=30).map(
            lambda parts: "".join(parts).encode()
        ),
    )
)
def test_any_bytes_are_read_or_refused(data: bytes):
    try:
        found = [outcome(piece) for piece in pubmed_xml.split(io.BytesIO(data))]
    except ParseError:
        return
    assert found


# What a record says in another way: codes of languages, months, numbers in one written form, relations between records.
SAID_OTHERWISE = {
    *("Language", "Month", "EndPage", "Isbn", "Identifier", "DataBankName", "CommentsCorrections RefType"),
    *("PublicationType UI", "DescriptorName Type", "AuthorList Type"),
}


def lost(data: bytes, record: Record) -> set[str]:
    """The elements and attributes of a record whose words are nowhere in what was made of it."""
    made = dataclasses.asdict(record) | {"date": str(record.date)}
    kept = " ".join(json.dumps(made, ensure_ascii=False).replace('\\"', '"').lower().split())
    missing: set[str] = set()
    for element in etree.fromstring(data).iter(etree.Element):
        said = [(str(element.tag), element.text), (str(element.tag), element.tail)]
        said += [(f"{element.tag} {name!s}", str(value)) for name, value in element.attrib.items()]
        missing |= {name for name, words in said if tidy(words or "").lower().strip(".[] ") not in kept}
    return missing


@needs_real_files
def test_no_word_of_a_real_record_is_lost():
    missing: set[str] = set()
    for path in [*REAL.glob("*/*.xml"), *REAL.glob("*/*.xml.gz")]:
        with path.open("rb") as file:
            for found in importers.scan(file):
                missing |= lost(found.data, found.read()) if found.raw else set()
    assert missing <= SAID_OTHERWISE


@needs_real_files
@pytest.mark.parametrize(
    "path",
    sorted([*REAL.glob("*/*.xml"), *REAL.glob("*/*.xml.gz")]),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_real_files_arrive_whole(path: Path):
    with path.open("rb") as file:
        found = list(importers.scan(file))
    unread = [one for one in found if one.raw is None]
    assert all("PubMed deleted the record" in one.problem for one in unread)
    records = [one.read() for one in found if one.raw is not None]
    assert records
    assert all(
        record.format == "pubmed-xml" and record.title and dict(record.identifiers)["pmid"] for record in records
    )
