"""What the values of CSL-JSON mean, and those that Crossref puts beside them."""

import re
from typing import Any

from articles.importers.csl_json.links import links
from articles.importers.csl_json.values import Item, texts
from articles.importers.record import Contributor, ParseError, Record
from articles.importers.shared import citations, languages, loose_dates, notices, trials
from articles.importers.shared.abstracts import abstract, labelled_parts, line, title, without_markup
from articles.importers.shared.citations import UNKNOWN_INTEREST, Identifiers, author
from articles.importers.shared.fields import LONGEST_NAME
from articles.importers.shared.orcid import orcid
from articles.lib.document import Document, Section
from articles.lib.partial_date import MONTHS, InvalidDate, PartialDate
from articles.lib.vocabulary import IdentifierScheme, Kind, PublisherInterest, TextBasis

_DATES = ("issued", "published", "published-print", "published-online", "posted")
_SEASONS = {"1": "Spring", "2": "Summer", "3": "Autumn", "4": "Winter"}
_SEASONS |= {f"2{number}": name for number, name in _SEASONS.items()}

# The types of CSL and of Crossref.
_PAPERS = frozenset(
    {"article-journal", "journal-article", "article", "posted-content", "paper-conference", "proceedings-article"}
    | {"thesis", "dissertation", "manuscript", "speech"}
)
_NEWS = frozenset({"article-newspaper", "newspaper-article"})
_BOOKS = frozenset({"book", "monograph", "edited-book", "reference-book", "book-set"})

_SECTION = re.compile(r"<(?:jats:)?title>([^<>]{1,100})</(?:jats:)?title>\s*(?:<(?:jats:)?p>)?", re.IGNORECASE)
_NO_SECTIONS = frozenset({"abstract", "summary"})
_NOTED = re.compile(r"^(PMID|PMCID|DOI) ?: ?(\S{1,300})$", re.MULTILINE | re.IGNORECASE)


def record(values: dict[str, Any], format: str, repairs: tuple[str, ...]) -> Record:
    """The record of an item. Raises `ParseError` where it has no title."""
    item = Item(values)
    name, original = _titles(item)
    shelf = " ".join(texts(item.get("type"))[:1])
    types = citations.types(item.texts("genre"))
    kind, design, guesses = citations.kind(types, shelf, _otherwise(shelf))
    text, parts = _abstract(item)
    found = links(item)
    status, notice = notices.status(found, types, name)
    return Record(
        title=name,
        original_title=original,
        document=text,
        format=format,
        kind=kind,
        design=design,
        publisher_interest=PublisherInterest.UNKNOWN.value,
        text_basis=(TextBasis.ABSTRACT if text.text else TextBasis.METADATA_ONLY).value,
        container=item.text("container-title"),
        date=_date(item),
        volume=item.text("volume"),
        issue=item.text("issue"),
        pages=re.sub(r" ?[-\u2013\u2014]+ ?", "-", item.text("page")) or item.text("article-number"),
        language=languages.code(item.text("language")),
        licence=_licence(item),
        identifiers=_identifiers(item, shelf).pairs(),
        contributors=_contributors(item),
        publication_types=types,
        publication_status=status,
        status_notice=notice,
        links=found,
        trial_ids=trials.in_text(f"{name}\n{text.text}"),
        keywords=_keywords(item),
        grants=tuple(_grant(funder) for funder in item.objects("funder")),
        publisher=_publisher(item),
        references=_references(item),
        sections=parts,
        repairs=repairs,
        guesses={**guesses, "publisher_interest": UNKNOWN_INTEREST},
        extra=item.rest(),
    )


def _titles(item: Item) -> tuple[str, str]:
    """The title with its subtitle, and the title in the original language where it is another."""
    main = title(item.text("title"))
    if not any(character.isalnum() for character in main):
        raise ParseError("it has no title.")
    subtitle = title(item.text("subtitle"))
    whole = f"{main}: {subtitle}" if subtitle and subtitle.casefold() not in main.casefold() else main
    original = title(item.text("original-title"))
    return whole, original if original != main else ""


def _otherwise(shelf: str) -> Kind:
    if shelf in _NEWS:
        return Kind.NEWS
    return Kind.ABSTRACT if shelf in _PAPERS or not shelf else Kind.OTHER


def _abstract(item: Item) -> tuple[Document, tuple[Section, ...]]:
    """The abstract: plain text, or JATS, whose titles become labels in the form that PubMed prints."""
    written = item.get("abstract")
    if not isinstance(written, str):
        return abstract(())
    item.read("abstract")
    if "<" not in written and "&lt;" in written:
        written = without_markup(written)
    if not _SECTION.search(written):
        return abstract([without_markup(" ".join(written.split()) if "<" in written else written)])
    before, *pairs = _SECTION.split(" ".join(written.split()))
    sections = [("", before), *zip(pairs[::2], pairs[1::2], strict=True)]
    return labelled_parts((_label(label), without_markup(text).split("\n")) for label, text in sections)


def _label(written: str) -> str:
    label = line(written).rstrip(":. ")
    return "" if label.lower() in _NO_SECTIONS else label.upper()


def _date(item: Item) -> PartialDate | None:
    """The first date of publication that can be read. What cannot be read stays unread."""
    for name in _DATES:
        date, is_whole = _read_date(item.get(name))
        if date:
            if is_whole:
                item.read(name)
            return date
    return None


def _read_date(value: Any) -> tuple[PartialDate | None, bool]:
    if not isinstance(value, dict):
        return loose_dates.read(" ".join(texts(value)[:1]))
    season = " ".join(texts(value.get("season")))
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and (date := _from_parts([texts(part) for part in parts[:2]], season)):
        return date
    written = " ".join((texts(value.get("raw")) or texts(value.get("literal")))[:1])
    return loose_dates.read(written)


def _from_parts(parts: list[list[str]], season: str) -> tuple[PartialDate | None, bool] | None:
    """The date of year, month and day; two of them, of months of one year, are a span such as "Mar-Apr"."""
    if not parts[0]:
        return None
    year, month, day = (*parts[0], "", "", "")[:3]
    if season and not month:
        return loose_dates.of(year, _SEASONS.get(season, season.title()))
    date, is_whole = loose_dates.of(year, month, day)
    if len(parts) == 1 or date is None or parts[0] == parts[1]:
        return date, is_whole
    return _span(date, parts[1]) or (PartialDate(date.year), False)


def _span(first: PartialDate, last: list[str]) -> tuple[PartialDate, bool] | None:
    date, _is_whole = loose_dates.of(*(*last, "", "", "")[:3])
    if date is None or not first.month or not date.month or first.year != date.year:
        return None
    if first.month == date.month:
        return PartialDate(first.year, first.month), False
    months = "-".join(MONTHS[month - 1][:3] for month in (first.month, date.month))
    try:
        return PartialDate(first.year, season=months), not (first.day or date.day)
    except InvalidDate:
        return None


def _licence(item: Item) -> str:
    """The address of the licence of the published version."""
    given = [one for one in item.objects("license") if texts(one.get("URL"))]
    given.sort(key=lambda one: one.get("content-version") != "vor")
    found = texts(given[0]["URL"])[0] if given else ""
    return found if len(found) <= LONGEST_NAME else ""


def _publisher(item: Item) -> str:
    found = " ".join(texts(item.get("publisher"))[:1])
    if len(found) > LONGEST_NAME:
        return ""
    return item.text("publisher")


def _identifiers(item: Item, shelf: str) -> Identifiers:
    """The numbers of the document. An ISBN is that of a whole book only: its chapters share it."""
    found = Identifiers()
    schemes = {"DOI": IdentifierScheme.DOI, "PMID": IdentifierScheme.PMID, "PMCID": IdentifierScheme.PMCID}
    if shelf in _BOOKS:
        schemes["ISBN"] = IdentifierScheme.ISBN
    custom = item.get("custom")
    for name, scheme in schemes.items():
        are_taken = [found.add(scheme, one) for one in texts(item.get(name))]
        if are_taken and all(are_taken):
            item.read(name)
        for one in texts(custom.get(name)) if isinstance(custom, dict) else ():
            found.add(scheme, one)
    note = item.get("note")
    for name, value in _NOTED.findall(note) if isinstance(note, str) else ():
        found.add(name.lower(), value)
    addresses = texts(item.get("URL"))
    if not found.add_addresses(addresses):
        item.read("URL")
    return found


def _contributors(item: Item) -> tuple[Contributor, ...]:
    value = item.get("author")
    given = value if isinstance(value, list) else [value]
    found = [_contributor(one) for one in given]
    if all(found) and all(map(_is_known_number, given)):
        item.read("author")
    return tuple(one for one in found if one)


def _is_known_number(value: Any) -> bool:
    """Whether the ORCID of an author is one, where there is any."""
    written = " ".join(texts(value.get("ORCID"))) if isinstance(value, dict) else ""
    return not written or bool(orcid(written))


def _contributor(value: Any) -> Contributor | None:
    """A person or a body; None for what is neither."""
    if isinstance(value, str) and line(value):
        return author(value)
    if not isinstance(value, dict):
        return None
    parts = {name: " ".join(texts(value.get(name))[:1]) for name in _PARTS_OF_NAMES}
    family = _joined(parts["dropping-particle"], parts["non-dropping-particle"], parts["family"])
    given = _joined(parts["given"], parts["suffix"])
    body = parts["literal"] or parts["name"]
    facts = {"orcid": orcid(parts["ORCID"]), "affiliation": _affiliation(value.get("affiliation"))}
    if not family and not given:
        return Contributor(body, collective=body, **facts) if body else None
    return Contributor(", ".join(filter(None, (family, given))), family or given, given if family else "", **facts)


_PARTS_OF_NAMES = (
    "family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal", "name", "ORCID",
)  # fmt: skip


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _affiliation(value: Any) -> str:
    given = value if isinstance(value, list) else [value]
    names = [texts(one.get("name") if isinstance(one, dict) else one) for one in given]
    return "; ".join(dict.fromkeys(name for found in names for name in found))


def _keywords(item: Item) -> tuple[str, ...]:
    """Those of CSL stand in one text, with semicolons or commas between; Crossref's subjects in a list."""
    written = [word for text in item.texts("keyword", "keywords") for word in text.split(";" if ";" in text else ",")]
    given = [word.strip() for word in (*written, *item.texts("categories", "subject"))]
    return tuple(dict.fromkeys(word for word in given if word))


def _grant(funder: dict[str, Any]) -> str:
    """Who paid, and under which numbers."""
    return ", ".join((*texts(funder.get("award")), *texts(funder.get("name"))))


def _references(item: Item) -> tuple[str, ...]:
    found = [_reference(cited) for cited in item.objects("reference")]
    if found and all(found):
        item.read("reference")
    return tuple(one for one in found if one)


def _reference(cited: dict[str, Any]) -> str:
    """A citation that the source makes, as it prints it or in the order in which such citations are printed."""
    if whole := " ".join(texts(cited.get("unstructured"))[:1]):
        return whole
    parts = [texts(cited.get(name)) for name in ("author", "article-title", "journal-title", "volume-title", "year")]
    place = [texts(cited.get(name)) for name in ("volume", "first-page")]
    text = ". ".join(part[0] for part in parts if part)
    where = ":".join(part[0] for part in place if part)
    number = texts(cited.get("DOI"))
    return ". ".join(
        part for part in (f"{text};{where}" if where else text, *(f"doi: {one}" for one in number)) if part
    )
