"""Pages kept as Markdown: texts that stand in the front matter, drafts, dates and addresses of all sorts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers.record import ParseError, Record


def read(front_matter: str, body: str = "Body text.") -> Record:
    (record,) = importers.read(f"---\ntitle: A title\n{front_matter}\n---\n{body}\n".encode())
    assert record.format == "markdown-page"
    return record


def headings(record: Record) -> list[str]:
    return [section.label for section in record.sections]


@pytest.mark.parametrize(
    "faqs",
    [
        "faqs:\n  - question: Does it help?\n    answer: Yes.\n  - question: Is it safe?\n    answer: Mostly.",
        "faq:\n  - {q: 'Does it help?', a: Yes.}\n  - {q: 'Is it safe?', a: Mostly.}",
        "faq:\n  items:\n    - {title: 'Does it help?', answer: Yes.}\n    - {name: 'Is it safe?', a: Mostly.}",
        "accordion:\n  - {heading: 'Does it help?', text: Yes.}\n  - {heading: 'Is it safe?', text: Mostly.}",
    ],
)
def test_questions_follow_the_body_as_headings_with_their_answers(faqs: str):
    record = read(faqs)
    assert record.document.text == "Body text.\n\nDoes it help?\n\nYes.\n\nIs it safe?\n\nMostly."
    assert headings(record) == ["", "Does it help?", "Is it safe?"]


def test_answer_may_be_markdown():
    record = read(
        "faqs:\n  - question: What **is** it?\n    answer: |\n      It [is](https://a.example/b).\n\n"
        "      * One\n      * Two"
    )
    assert record.document.text == "Body text.\n\nWhat is it?\n\nIt is.\n\nOne\nTwo"
    assert [link.href for link in record.document.links] == ["https://a.example/b"]


def test_page_without_body_is_the_texts_of_its_front_matter_in_order():
    record = read(
        "layout: landing\nheading: A title\nsubheading: What we are about\nimage: /img/a.jpg\n"
        "description: Not the text.\n"
        "hero: {text: These words are read by everybody., link: /go}\n"
        "intro:\n  blurbs:\n    - {image: /a.png, text: The first of these blurbs says this.}\n"
        "  heading: What we offer\n"
        "benefits: [Less pain, More strength in both of the legs]\n"
        "tags: [some, tags that are no text at all]\n"
        "seo: {title: Words for machines, description: Nobody reads this here.}",
        body="",
    )
    assert record.document.text == (
        "What we are about\n\nThese words are read by everybody.\n\nWhat we offer\n\n"
        "The first of these blurbs says this.\n\nLess pain\nMore strength in both of the legs"
    )


def test_page_with_no_text_anywhere_is_refused():
    with pytest.raises(ParseError, match=r"no text: neither below the front matter nor in its sections"):
        read("layout: landing\nimages:\n  - {src: /a.png, alt: A picture of this and that and more}", body="")


@pytest.mark.parametrize("flag", ["draft: true", "published: false", "status: Draft", 'draft: "yes"'])
def test_draft_is_told(flag: str):
    record = read(flag)
    assert "marked as a draft" in record.guesses["text_basis"]
    assert flag.split(":")[0] in record.extra


@pytest.mark.parametrize(
    "flag", ["draft: false", "published: true", "published: 2020-01-02", "status: live", "x: true"]
)
def test_page_that_is_no_draft_is_not_called_one(flag: str):
    assert "text_basis" not in read(flag).guesses


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("date: 2022-08-12T14:29:49.818Z", "2022-08-12"),
        ("date: 2022-08-12 14:29:49 +0300", "2022-08-12"),
        ("publishDate: 2022-08", "2022-08"),
        ("date: ''\npublished: 2022", "2022"),
        ("x: 1", "None"),
        ("date: some day", "None"),
        ("date: 2022-02-30", "None"),
    ],
)
def test_date_is_read_or_kept_as_written(written: str, date: str):
    record = read(written)
    assert str(record.date) == date
    assert all(name in record.extra for name in ("date",) if written.startswith("date: some"))


@pytest.mark.parametrize(
    ("written", "identifiers", "kept"),
    [
        ("url: https://Site.example/a#b", (("url", "https://site.example/a"),), False),
        ("url: /a/", (), True),
        ("permalink: https://site.example/a", (("url", "https://site.example/a"),), False),
        ("url: [x]", (), True),
    ],
)
def test_address_is_an_identifier_where_it_is_whole(written: str, identifiers: tuple, kept: bool):
    record = read(written)
    assert record.identifiers == identifiers
    assert (written.split(":")[0] in record.extra) is kept


def test_authors_tags_language_and_licence():
    record = read("author: Ann van Alpha\ntags: one, two\nlang: en-GB\nlicense: CC BY 4.0")
    assert [(author.given, author.family) for author in record.contributors] == [("Ann", "van Alpha")]
    assert (record.keywords, record.language, record.licence) == (("one", "two"), "en", "CC BY 4.0")


def test_title_is_the_first_heading_where_the_front_matter_has_none():
    (record,) = importers.read(b"---\nlayout: post\n---\n# The heading\n\nBody text.")
    assert record.title == "The heading"
    assert "title" in record.guesses


VALUES = st.recursive(
    st.sampled_from(
        ["words", "These words are a sentence.", "/img/a.png", "true", "2020-01-01", "", "# x", "* y", "<p>"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["title", "text", "faqs", "q", "a"]), inner, max_size=3),
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["faqs", "sections", "hero", "date", "url", "author", "tags", "draft"]), VALUES, max_size=5
    )
)
def test_any_front_matter_is_read_and_the_body_never_lost(values: dict):
    # Flow style: what JSON writes, YAML reads.
    lines = "\n".join(f"{name}: {_flow(value)}" for name, value in values.items())
    assert read(lines).document.text.startswith("Body text.")


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return f'"{value}"'
