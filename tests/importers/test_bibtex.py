"""BibTeX: every entry arrives, alone where its neighbours are broken, as the text that TeX would print."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import bibtex
from articles.importers.bibtex.tex import plain
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record

REAL = Path(__file__).parents[3] / "shared" / "data" / "bibtex" / "zotero"
GOOD = "@article{{sample{0},\n  title = {{Sample {0}}},\n  doi = {{10.1234/sample.{0}}}\n}}\n"


def pieces(text: str) -> list[Raw | Unreadable]:
    return list(bibtex.FORMAT.split(io.BytesIO(text.encode())))


def read(text: str) -> Record:
    (piece,) = pieces(text)
    assert isinstance(piece, Raw)
    return piece.read()


def with_fields(*fields: str, type: str = "article") -> Record:
    return read(f"@{type}{{sample,\n title = {{Sample}},\n {','.join(fields)}\n}}")


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"{\"{u}}\"u{\"u}", "üüü"),
        (r"\'{\i}\'\i{\'{\i}}", "ííí"),
        (r"\v{s}\v s \c{c} Erd{\H o}s", "šš ç Erdős"),
        (r"He{\ss} \O{}rsted {\L}{\'o}d{\'z}", "Heß Ørsted Łódź"),
        (r"$\alpha$-synuclein, $\beta < 0.05$", "α-synuclein, β < 0.05"),
        (r"10$^{6}$ CD4$^+$ CO$_2$ H\textsubscript{2}O", "10⁶ CD4+ CO2 H2O"),
        (r"50\% of A \& B\_1", "50% of A & B_1"),
        (r"\textit{italic \textbf{bold}} {\em old}", "italic bold old"),
        (r"a~b ``quoted'' 1--2", 'a b "quoted" 1\u20132'),
        (r"costs $5 to $10, file_name, C:\data", r"costs $5 to $10, file_name, C:\data"),
        (r"\unknown{its argument} stays", "its argument stays"),
        (r"\href{https://a.example/}{link} \frac{1}{2}", "https://a.example/ link 1/2"),
        (r"stray } and { brace", "stray  and  brace"),
    ],
)
def test_tex_becomes_the_text_it_prints(tex: str, text: str):
    assert importers.bibtex.reading.title(plain(tex)) == importers.bibtex.reading.title(text)


def test_an_entry_that_is_not_closed_costs_only_itself():
    first, second = (piece.read() for piece in pieces("@article{a, title={Sample a},\n" + GOOD.format(1)))
    assert (first.title, second.title) == ("Sample a", "Sample 1")


def test_text_between_entries_is_told_and_comments_are_not():
    text = (
        f'% a comment\nmail me@example.org\n{GOOD.format(1)}@comment{{x}}\n@preamble{{ "\\x" }}\n%\n{GOOD.format(2)}}}'
    )
    between, first, second = pieces(text)
    assert isinstance(between, Unreadable)
    assert (between.line, "me@example.org" in between.message) == (2, True)
    assert [first.read().title, second.read().title] == ["Sample 1", "Sample 2"]


def test_entries_may_share_a_line_and_use_round_brackets():
    titles = [piece.read().title for piece in pieces('@book(a, title="A (1)") @book{b, title = {B}}@misc{title={C}}')]
    assert titles == ["A (1)", "B", "C"]


def test_abbreviations_are_replaced_wherever_the_record_is_read():
    *_, piece = pieces('@string{j = "Journal"}\n@string(js = j # " of Samples")\n@article{a, title={T}, journal=JS}')
    record = bibtex.read(piece.data)
    assert record.container == "Journal of Samples"
    assert record.repairs == ()


def test_another_meaning_of_an_abbreviation_is_another_record():
    one, other = (pieces(f"@string{{j = {{{name}}}}}\n@article{{a, title={{T}}, journal=j}}")[-1] for name in "XY")
    assert bibtex.FORMAT.fingerprint(one.data) != bibtex.FORMAT.fingerprint(other.data)


def test_abbreviation_without_meaning_is_kept_and_noted():
    record = with_fields("journal = jns")
    assert record.container == "jns"
    assert "'jns'" in record.repairs[0]


@pytest.mark.parametrize("is_parent_first", [True, False])
def test_a_paper_has_what_its_proceedings_say(is_parent_first: bool):
    child, parent = "@inproceedings{a, title={Paper}, crossref={P}}", "@proceedings{p, title={Book}, year={2006}}"
    found = [piece.read() for piece in pieces("\n".join([parent, child] if is_parent_first else [child, parent]))]
    paper = next(record for record in found if record.title == "Paper")
    assert (paper.container, str(paper.date)) == ("Book", "2006")
    assert len(found) == 2


def test_a_crossref_to_nothing_or_to_itself_changes_nothing():
    text = "@article{a, title={A}, crossref={a}}\n@article{b, title={B}, crossref={zz}}\n@article{c, title={C}}"
    assert [piece.read().title for piece in pieces(text)] == ["A", "B", "C"]


def test_missing_comma_repeated_field_and_open_value_lose_nothing():
    record = read(
        '@article{a\n title={T} year=2012,\n title={Other}, ? what\n, volume={3}, note="open,\n pages={1--2}\n}'
    )
    assert (record.title, str(record.date), record.volume, record.pages) == ("T", "2012", "3", "1-2")
    assert record.extra["title"] == ["Other"]
    assert record.extra["note"] == ["open"]
    assert "? what" in record.extra["unread"][0]


def test_path_that_ends_with_a_backslash_ends_its_value():
    assert with_fields(r"file = {C:\dir\}", "year = 2001").extra["file"] == ["C:\\dir\\"]


@pytest.mark.parametrize(
    ("field", "authors"),
    [
        ("Alpha, Ann and Beta, Bob", [("Alpha", "Ann", ""), ("Beta", "Bob", "")]),
        ("Ann Alpha AND Bob van der Beta", [("Alpha", "Ann", ""), ("van der Beta", "Bob", "")]),
        ("von Alpha, Jr, Ann", [("von Alpha", "Ann Jr", "")]),
        ("{Alpha and Beta Group} and Ann {van Alpha}", [("", "", "Alpha and Beta Group"), ("van Alpha", "Ann", "")]),
        ("World Health Organization", [("", "", "World Health Organization")]),
        (r"Erd{\H o}s, P{\'a}l", [("Erdős", "Pál", "")]),
        ("M&uuml;ller, Ann; Beta, Bob", [("Müller", "Ann", ""), ("Beta", "Bob", "")]),
        ("Alpha, Ann and others", [("Alpha", "Ann", "")]),
    ],
)
def test_names_are_divided(field: str, authors: list[tuple[str, str, str]]):
    record = with_fields(f"author = {{{field}}}")
    assert [(one.family, one.given, one.collective) for one in record.contributors] == authors
    assert ("author" in record.extra) is field.endswith("others")


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        (["year = 2012", "month = oct", "day = 22"], "2012-10-22"),
        (["year = {2012}", 'month = "22~" # oct'], "2012-10-22"),
        (["year = {2012}", "month = {March--April}"], "2012 Mar-Apr"),
        (["year = {2012}", "month = {Spring}"], "2012 Spring"),
        (["year = {2012}", "month = {3}"], "2012-03"),
        (["date = {2012-10-22}"], "2012-10-22"),
        (["year = {in press}"], ""),
    ],
)
def test_dates_of_all_dialects_are_read(fields: list[str], date: str):
    record = with_fields(*fields)
    assert str(record.date or "") == date
    assert date or record.extra["year"] == ["in press"]


def test_numbers_are_identifiers_of_the_document_alone():
    record = with_fields("doi = {10.1234/A\\_b}", "note = {PMID: 123}", "eprint = {arXiv:1}", "isbn = {0385527403}")
    assert dict(record.identifiers) == {"doi": "10.1234/a_b", "pmid": "123"}
    assert record.extra["isbn"] == ["0385527403"]
    assert dict(with_fields("isbn = {0385527403}", type="book").identifiers) == {"isbn": "9780385527408"}
    assert dict(with_fields("eprint={12}", "eprinttype={pubmed}").identifiers) == {"pmid": "12"}


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title = {" + "{" * 200_000 + "x" + "}" * 200_000 + "}}",
        "@article{a, title = {x}, " + "a={" * 100_000,
        "@article{a, title = {x}, " + "a=b#" * 100_000,
        "@string{a0 = {xxxxxxxxxx}}\n"
        + "\n".join(f"@string{{a{n + 1} = {' # '.join([f'a{n}'] * 20)}}}" for n in range(9))
        + "\n@article{a, title = a9 # a9 # a9}",
        "@article{a, title={x}, author={" + "and " * 100_000 + "}}",
        "@" * 100_000 + "a{",
    ],
    ids=["nesting", "open values", "abbreviations", "abbreviation bomb", "and", "at"],
)
def test_hostile_entries_are_read_or_refused_at_once(text: str):
    for piece in pieces(text):
        if isinstance(piece, Raw):
            try:
                assert len(piece.read().title) < 100_000
            except ParseError:
                continue


JUNK = st.lists(
    st.one_of(
        st.sampled_from(["% x", "junk", "}", ")", "a@b.org", "@comment{x}", '@preamble{"a"}', "@string{a={b}}", "#"]),
        st.text(st.characters(codec="utf-8", exclude_characters="@{}%\r\n\v\f\x85\u2028\u2029"), max_size=8),
    ),
    max_size=4,
).map(lambda lines: "\n".join(lines) + "\n")  # fmt: skip


@settings(deadline=None)
@given(st.lists(JUNK, min_size=2, max_size=6))
def test_no_well_formed_entry_is_lost_among_junk(junk: list[str]):
    text = junk[0] + "".join(GOOD.format(number) + between for number, between in enumerate(junk[1:]))
    found = [piece.read() for piece in pieces(text) if isinstance(piece, Raw)]
    assert [record.title for record in found] == [f"Sample {number}" for number in range(len(junk) - 1)]


PARTS = st.sampled_from(
    ["@article{a,", "@string{", "@", "title={x}", "=", "#", "{", "}", '"', ",", "\\", "\\{", "\n", "author", "and", "a",
     "year=2012", "crossref={a}", "$", "^", "~", "\\'", "\\H", "%", "(", ")", "month=jan", "@comment{", "é"]
)  # fmt: skip


@settings(deadline=None, max_examples=120)
@given(st.lists(PARTS, max_size=25).map("".join))
def test_any_text_is_read_or_refused(text: str):
    for piece in pieces("@book{k, title={Sample},\n author={A}, " + text):
        try:
            assert isinstance(piece, Unreadable) or piece.read().title
        except ParseError:
            continue
