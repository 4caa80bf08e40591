import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from articles.lib import highlight
from articles.lib import vocabulary as vocab
from articles.models import Source, SourceVersion
from articles.queries import claims
from articles.queries import sources as queries
from articles.views.errors import not_found

GUESSED = {
    "kind": "Kind of source",
    "publisher_interest": "Publisher’s interest",
    "publisher": "Publisher",
    "contributors": "Names of the authors",
}
# What they say changes how far the source may be relied on.
NOTICES = (
    vocab.LinkRelation.RETRACTION_IN,
    vocab.LinkRelation.PARTIAL_RETRACTION_IN,
    vocab.LinkRelation.CONCERN_IN,
    vocab.LinkRelation.ERRATUM_IN,
)
# Formats whose fields have tags for names, such as "TA" or "OWN".
TAGGED, LONGEST_TAG = ("nbib", "ris"), 4
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def source(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One source: citation, text with its claims highlighted, versions, identifiers."""
    try:
        found = queries.by_number(pk)
    except (Source.DoesNotExist, OverflowError):
        return not_found(request, f"There is no source {pk}.", [("/sources/", "See all sources")])
    if found.merged_into is not None:
        return redirect(found.merged_into, permanent=True)
    if slug and slug != found.slug:
        return redirect(found)
    version = _version(found, request.GET.get("version"))
    if isinstance(version, str):
        return not_found(request, version, [(found.get_absolute_url(), "See the current text")])
    said = claims.of_source(pk)
    here = [claim for claim in said if version and claim.version_id == version.pk]
    marks = [highlight.Mark(claim.start, claim.end, claim.public_id) for claim in here]
    linked = queries.linked(found)
    context = {
        "source": found,
        "version": version,
        "is_current": version is None or version.pk == found.current_version_id,
        "versions": found.versions.order_by("-number").defer("text", "structure", "raw_record", "other_texts"),
        "claims": said,
        "blocks": highlight.blocks(version.document, marks) if version else [],
        "guesses": [(GUESSED.get(name, name), reason) for name, reason in sorted(found.guesses.items())],
        "file_facts": _file_facts(version),
        "linked": linked,
        "notices": [each for each in linked if each.link.relation in NOTICES],
        "other_texts": _other_texts(found, version),
        "elsewhere": [claim for claim in said if claim not in here],
    }
    return render(request, "articles/source.html", context)


def _version(source: Source, number: str | None) -> SourceVersion | str | None:
    """The version asked for, else the current one; a sentence where there is no such version."""
    if number is None:
        return source.current_version
    known = number.isascii() and number.isdigit() and len(number) < 9
    found = source.versions.filter(number=int(number)).first() if known else None
    return found or f"This source has no version “{number[:20]}”."


def _other_texts(source: Source, version: SourceVersion | None) -> list[dict[str, str]]:
    """Titles and abstracts beside the text; only titles where the licence does not allow the whole text."""
    texts = version.other_texts if version else []
    return [text for text in texts if source.is_whole_text_shown or text["part"] == "title"]


def _file_facts(version: SourceVersion | None) -> list[tuple[str, str]]:
    """(label, value) of what the file said and no field holds, such as tags or an affiliation without its author."""
    if version is None:
        return []
    is_tagged = version.origin_format in TAGGED
    return [(_file_label(key, is_tagged), _in_words(value)) for key, value in version.raw_record.items()]


def _file_label(key: str, is_tagged: bool) -> str:
    """The key as words, or as the tag that stands in the file."""
    is_tag = is_tagged and len(key) <= LONGEST_TAG
    return key.upper() if is_tag else CAMEL.sub(" ", key).replace("_", " ").capitalize()


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_in_words(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_in_words(item)}" for key, item in value.items())
    return str(value)
