"""A web page kept as Markdown with front matter, as the content systems of many clinics store them."""

from articles.importers import front_matter, guessing
from articles.importers.fields import Fields
from articles.importers.format import Format, whole
from articles.importers.front_matter import FrontMatter
from articles.importers.record import ParseError, Record
from articles.lib.document import Document, sections
from articles.lib.markup import MarkupError, render_markdown
from articles.lib.vocabulary import TextBasis

NAME = "markdown-page"

# The date is kept among the rest as well: its field holds the day, the text its time and zone too.
_FIELDS = frozenset({"title", "description", "url"})


def matches(text: str) -> bool:
    """A front matter with a title; what is only meant as one is read too, so that its mistakes are named."""
    return front_matter.is_present(text)


def parse(text: str) -> list[Record]:
    """The one page of the file; everything of its front matter that no field holds is kept in `extra`."""
    head = front_matter.split(text)
    fields = Fields(head)
    title = fields.text("title", required=True)
    document = document_of(head)
    guess = guessing.of_page(document.text, also=_reason_in(head))
    headings = [section.label for section in sections(document)]
    publisher, publisher_reason = guessing.publisher([title, *headings])
    reasons = {**guess.reasons, "publisher": publisher_reason} if publisher else guess.reasons
    record = Record(
        title=title,
        document=document,
        format=NAME,
        kind=guess.kind,
        publisher_interest=guess.publisher_interest,
        text_basis=TextBasis.WEB_PAGE.value,
        description=fields.text("description"),
        date=fields.date("date"),
        identifiers=(fields.identifier("url"),) if "url" in fields else (),
        publisher=publisher,
        sections=sections(document),
        guesses=reasons,
        extra=fields.others(_FIELDS),
    )
    return [record]


def document_of(head: FrontMatter) -> Document:
    """The text below a front matter; raises `ParseError` where there is none."""
    try:
        document = Document.from_html(render_markdown(head.body))
    except MarkupError as error:
        raise ParseError(str(error), head.body_line) from error
    if not document.text:
        raise ParseError("There is no text below the front matter.", head.body_line)
    return document


def _reason_in(head: FrontMatter) -> str:
    said = [f'"{name}: {head.data[name]}"' for name in ("type", "templateKey") if name in head.data]
    return f"The front matter says {' and '.join(said)}. " if said else ""


FORMAT = Format(NAME, "Web page as Markdown with front matter", matches, whole(parse))
