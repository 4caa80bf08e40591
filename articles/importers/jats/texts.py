"""The text of a JATS article as one document, and the texts beside it in other languages."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from articles.importers.jats.blocks import block, blocks, heading
from articles.importers.jats.inline import attribute, name, text
from articles.importers.record import OtherText
from articles.importers.shared import languages
from articles.importers.shared.tidying import tidy
from articles.lib.document import Document, Part, Section, sections

_TOP = 2
_MARKS = frozenset({"xref"})
_ABSTRACT = "Abstract"
# Where the text begins without a heading, it would seem to belong to the abstract.
_BODY = "Text"


def document(article: Element) -> tuple[Document, tuple[Section, ...], bool]:
    """All that an article says below its title, its sections, and whether its body is among it.

    Abstracts stand first, under a heading where more follows. Labelled parts of an abstract by itself are its
    sections; else these begin at headings.
    """
    below = {kind: list(_below(article, kind)) for kind in ("body", "back", "floats-group")}
    rest = [part for parts in below.values() for part in parts]
    if rest and rest[0].kind != "heading":
        rest.insert(0, Part("heading", _BODY, _TOP))
    front = [labelled for labelled in _abstracts(article, with_heading=bool(rest)) if labelled[1].text]
    whole = Document.from_parts([*(part for _label, part in front), *rest])
    labels = {block.start: label for block, (label, _part) in zip(whole.blocks, front, strict=False) if label}
    return whole, sections(whole, labels if labels and not rest else None), bool(below["body"])


def titles(meta: Element) -> Iterator[tuple[str, str]]:
    """The titles of an article's metadata, each with its language: its own first, then the translated ones."""
    for group in (child for child in meta if name(child) == "title-group"):
        yield attribute(group, "lang"), _title(group, "article-title", "subtitle")
        for child in group:
            if name(child) == "trans-title-group":
                yield attribute(child, "lang"), _title(child, "trans-title", "trans-subtitle")
            elif name(child) == "trans-title":
                yield attribute(child, "lang"), _joined([child])


def other_texts(article: Element) -> tuple[OtherText, ...]:
    """Titles and abstracts in other languages, also those of translated parts of the article."""
    found: list[OtherText] = []
    for meta in metas(article):
        found += [_other("title", written, language) for language, written in list(titles(meta))[1:]]
        found += [_abstract(one) for one in meta if name(one) == "trans-abstract"]
    for part in article:
        if name(part) == "sub-article" and attribute(part, "article-type") == "translation":
            found += _of_translation(part)
    return tuple(one for one in found if one.text)


def metas(article: Element) -> list[Element]:
    """The metadata of an article, or of a part of one."""
    fronts = [child for child in article if name(child) in ("front", "front-stub")]
    return [child for front in fronts for child in front if name(child) == "article-meta"] or fronts


def _of_translation(part: Element) -> Iterator[OtherText]:
    language = attribute(part, "lang")
    for meta in metas(part):
        yield from (_other("title", written, own or language) for own, written in titles(meta))
        yield from (_abstract(one, language) for one in meta if name(one) in ("abstract", "trans-abstract"))


def _other(part: str, written: str, language: str, label: str = "") -> OtherText:
    return OtherText(part, written, languages.code(language), label)


def _abstract(element: Element, language: str = "") -> OtherText:
    written = "\n".join(part.text for _label, part in _labelled(element) if part.text)
    return _other("abstract", written, attribute(element, "lang") or language, attribute(element, "abstract-type"))


def _below(article: Element, kind: str) -> Iterator[Part]:
    """The parts of the body, the back matter or the figures and tables kept apart from both."""
    for child in article:
        if name(child) == kind:
            read = block(child, _TOP) if kind == "floats-group" else blocks(child, _TOP)
            yield from (part for part in read if part.text)


def _title(group: Element, main: str, below: str) -> str:
    return _joined([*(one for one in group if name(one) == main), *(one for one in group if name(one) == below)])


def _joined(elements: list[Element]) -> str:
    """A title and its subtitles, without marks of notes and without the final full stop."""
    words = [text(one, _MARKS).removesuffix(":").rstrip() for one in elements]
    title = ": ".join(filter(None, words))
    return title if title.endswith("..") else title.removesuffix(".").rstrip()


def _abstracts(article: Element, *, with_heading: bool) -> Iterator[tuple[str, Part]]:
    """The abstracts as (label, part): those for all readers first, then those for others under a heading."""
    given = [child for meta in metas(article) for child in meta if name(child) == "abstract"]
    plain = [one for one in given if not attribute(one, "abstract-type")]
    if with_heading and plain:
        yield "", Part("heading", _ABSTRACT, _TOP)
    for one in plain:
        yield from _labelled(one)
    for one in given:
        if kind := attribute(one, "abstract-type"):
            yield "", Part("heading", heading(one) or _readable(kind), _TOP)
            yield from _labelled(one)


def _readable(kind: str) -> str:
    """The heading for an abstract of some type: "Plain language summary"."""
    words = tidy(kind.replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:]


def _labelled(abstract: Element) -> Iterator[tuple[str, Part]]:
    """The parts of an abstract; each section of it begins with its label."""
    for child in abstract:
        if name(child) != "sec":
            yield from (("", part) for part in block(child, _TOP + 1))
            continue
        label = heading(child).rstrip(":. ")
        for number, part in enumerate(_with_label(label, blocks(child, _TOP + 1))):
            yield ("" if number else label.capitalize()), part


def _with_label(label: str, parts: Iterator[Part]) -> Iterator[Part]:
    first = next((part for part in parts if part.text), None)
    if first is None or not label:
        yield from filter(None, (first,))
    elif first.kind == "paragraph":
        yield Part("paragraph", f"{label}: {first.text}")
    else:
        yield from (Part("paragraph", f"{label}:"), first)
    yield from parts
