"""The citation facts of a JATS article: identifiers, journal, dates, pages, licence, keywords, funding."""

import re
from collections.abc import Iterator
from typing import Any

from lxml.etree import ProcessingInstruction
from lxml.etree import _Element as Element

from articles.importers.jats.blocks import blocks, heading
from articles.importers.jats.inline import attribute, name, text
from articles.importers.shared import loose_dates
from articles.lib import identifiers
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.partial_date import PartialDate

Extra = dict[str, Any]

_SCHEMES = {"pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid", "doi": "doi"}
_CREATIVE_COMMONS = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]{2,12})(?:/(\d\.\d))?", re.I)
_PUBLIC_DOMAIN = {"zero": "CC0", "mark": "Public domain"}
_IN_WORDS = re.compile(r"Creative Commons Attribution[\w /-]{0,60}? Licen[cs]e", re.IGNORECASE)
_CONDITIONS = (("non-?commercial", "NC"), ("share-?alike", "SA"), ("no ?-?deriv", "ND"))
_LONGEST_LICENCE = 200
# Of an issue in print; what stands before it in a file may be later than it.
_PRINT = ("ppub", "epub-ppub", "pub-print", "print")
# Not the publication, but its way into an archive or what became of it later.
_NOT_OF_PUBLICATION = ("pmc-release", "nihms-submitted", "retracted", "corrected", "preprint", "received", "accepted")
_CONFLICT = re.compile(r"conflict|coi(?:-statement)?$|competing", re.IGNORECASE)
_CONFLICT_TITLE = re.compile(
    r"\W*(?:(?:declarations?|disclosures?|statement) of )?(?:\w+ )?"
    r"(?:conflicts?(?: ?\(s\))? of interests?|(?:competing|conflicting)(?: financial)? interests?)\b|disclosures?\W*\Z",
    re.IGNORECASE,
)
_DECLARED = re.compile(
    r"(?:The |All )?authors? (?:have )?(?:declared?|disclosed?|reports?|states?)\b"
    r"[^.]{0,80}\b(?:conflict|competing|interest)",
    re.IGNORECASE,
)
_FUNDING_TITLE = re.compile(
    r"\W*(?:(?:sources? of )?funding(?: sources?| statement| information)?|(?:financial |grant )?support)\W*",
    re.IGNORECASE,
)
_SHORTENED = frozenset({"abbr", "abbreviations", "abbrev", "abbreviation"})


def children(parent: Element | None, *kinds: str) -> Iterator[Element]:
    """The children of these names."""
    return (child for child in (() if parent is None else parent) if name(child) in kinds)


def first(parent: Element | None, *kinds: str) -> Element | None:
    """The first child of these names."""
    return next(children(parent, *kinds), None)


def keep(extra: Extra, key: str, value: Any) -> None:
    """Keeps what no field holds; nothing for an empty value, a list for the second one of a name."""
    if value in ("", None, [], {}, ()):
        return
    if key not in extra:
        extra[key] = value
    else:
        extra[key] = [*(extra[key] if isinstance(extra[key], list) else [extra[key]]), value]


def document_identifiers(meta: Element, extra: Extra) -> tuple[tuple[str, str], ...]:
    """The identifiers of the article itself; those of other schemes, and what is none, are kept in `extra`."""
    found: dict[str, str] = {}
    for element in children(meta, "article-id"):
        kind, written = attribute(element, "pub-id-type"), text(element)
        scheme = _SCHEMES.get(kind, "")
        value = normalised(scheme, written)
        if value and found.setdefault(scheme, value) == value:
            continue
        keep(extra, "article-id", {"type": kind, "value": written} if written else None)
    return tuple(found.items())


def normalised(scheme: str, written: str) -> str:
    """The identifier in its normal form; empty where it is none. PMC's numbers may come without their letters."""
    if scheme == "pmcid" and written.isdecimal():
        written = f"PMC{written}"
    try:
        return identifiers.normalise(scheme, written) if scheme else ""
    except InvalidIdentifier:
        return ""


def journal(front: Element | None, extra: Extra) -> tuple[str, str]:
    """The title of the journal and its publisher; a short title where the file has no other."""
    meta = first(front, "journal-meta")
    if meta is None:
        return "", ""
    groups = [meta, *children(meta, "journal-title-group")]
    full = [text(one) for group in groups for one in children(group, "journal-title")]
    short = [text(one) for group in groups for one in children(group, "journal-id", "abbrev-journal-title")]
    for element in children(meta, "journal-id", "issn"):
        kind = next(filter(None, (attribute(element, key) for key in _JOURNAL_TYPES)), "")
        keep(extra, name(element), {"type": kind, "value": text(element)})
    publisher = first(meta, "publisher")
    keep(extra, "publisher-loc", text(first(publisher, "publisher-loc")))
    return next(filter(None, [*full, *short]), ""), text(first(publisher, "publisher-name"))


_JOURNAL_TYPES = ("journal-id-type", "pub-type", "publication-format")


def publication_date(meta: Element, extra: Extra) -> PartialDate | None:
    """The date of the printed issue; else the earliest whole date, else the earliest of any. `extra` tells all."""
    dated = [(_kind_of_date(one), *_date(one)) for one in children(meta, "pub-date")]
    told = {kind: written for kind, _date_read, written in reversed(dated) if written}
    keep(extra, "pub-date", told)
    read = [(kind, date) for kind, date, _written in dated if date and not kind.startswith(_NOT_OF_PUBLICATION)]
    chosen = min(read, key=_rank, default=None)
    if chosen is None:
        return None
    keep(extra, "pub-date used", chosen[0])
    return chosen[1]


def _rank(dated: tuple[str, PartialDate]) -> tuple[bool, bool, Any]:
    kind, date = dated
    return kind not in _PRINT, date.precision != "day", date.sort_date


def _kind_of_date(element: Element) -> str:
    """What sort of date it is: older files name it at once, newer ones say "pub" and then its format."""
    kind, form = attribute(element, "pub-type"), attribute(element, "publication-format")
    date_type = attribute(element, "date-type")
    if not kind and form and date_type in ("", "pub"):
        return form
    return kind or date_type or form or "date"


def _date(element: Element) -> tuple[PartialDate | None, str]:
    """A date as far as it can be read; and the whole of it, as it is written where it cannot be read."""
    year, month, day = (text(first(element, part)) for part in ("year", "month", "day"))
    month = month or text(first(element, "season"))
    written = " ".join(filter(None, (year, month, day))) or text(element)
    date, is_all = loose_dates.of(year, month, day) if year else loose_dates.read(written)
    return date, str(date) if is_all else written


def history(meta: Element) -> dict[str, str]:
    """When the manuscript was received, accepted and so on."""
    dated = ((attribute(one, "date-type") or "date", *_date(one)) for one in children(first(meta, "history"), "date"))
    return {kind: written for kind, _date_read, written in dated if written}


def pages(meta: Element) -> str:
    """As printed, "1755-1759", or the number of an article without pages."""
    span = [text(first(meta, part)) for part in ("fpage", "lpage")]
    return (
        text(first(meta, "page-range"))
        or "-".join(dict.fromkeys(filter(None, span)))
        or text(first(meta, "elocation-id"))
    )


def licence(meta: Element, extra: Extra) -> str:
    """The licence in short with its address: "CC BY 4.0 (https://...)"; `extra` keeps the whole permission."""
    permissions = first(meta, "permissions")
    for element in [*children(meta, *_PERMISSIONS), *children(permissions, *_PERMISSIONS)]:
        keep(extra, name(element), text(element))
    words = [text(one) for one in children(meta, "copyright-statement")]
    for element in [*children(permissions, "license", "licence"), *children(meta, "license")]:
        words.append(text(element))
        keep(extra, "license", words[-1])
        if given := _short_licence(element):
            return given
    return next(filter(None, map(_licence_in_words, words)), "")


def _short_licence(element: Element) -> str:
    address, kind = _address_of_licence(element), attribute(element, "license-type")
    short = _named_licence(address) or _licence_in_words(text(element)) or (kind if kind != address else "")
    given = f"{short} ({address})" if short and address else short or address
    return given if len(given) <= _LONGEST_LICENCE else short


def _licence_in_words(written: str) -> str:
    """ "CC BY-NC" for "the Creative Commons Attribution Non-Commercial License"; its version is not told."""
    named = _IN_WORDS.search(written)
    if named is None:
        return ""
    letters = [letters for word, letters in _CONDITIONS if re.search(word, named[0], re.IGNORECASE)]
    return "CC " + "-".join(["BY", *letters])


_PERMISSIONS = ("copyright-statement", "copyright-year", "copyright-holder", "free_to_read")


def _address_of_licence(element: Element) -> str:
    inside = [one for one in element.iter() if name(one) in ("license_ref", "ext-link", "uri")]
    given = [attribute(element, "href"), *(text(one) if name(one) == "license_ref" else "" for one in inside)]
    given += [attribute(one, "href") or text(one) for one in inside if name(one) != "license_ref"]
    return next((address for address in given if address.startswith(("http://", "https://"))), "")


def _named_licence(address: str) -> str:
    found = _CREATIVE_COMMONS.search(address)
    if found is None:
        return ""
    if found[1].lower() == "publicdomain":
        return _PUBLIC_DOMAIN.get(found[2].lower(), "Public domain")
    return " ".join(filter(None, ("CC", found[2].upper(), found[3])))


def is_free(article: Element, licence: str) -> bool | None:
    """True where the file says that everybody may read the article; it never says that not everybody may."""
    marks = (str(node) for node in article.iter(ProcessingInstruction))
    is_open = "<?properties open_access?>" in marks or licence.startswith(("CC", "Public domain", "open-access"))
    return True if is_open else None


def keywords(meta: Element, language: str, extra: Extra) -> tuple[str, ...]:
    """The keywords in the language of the article; other groups of them are kept apart."""
    found: list[str] = []
    for group in children(meta, "kwd-group"):
        words = [_keyword(one) for one in group.iter() if name(one) in ("kwd", "compound-kwd", "nested-kwd")]
        kind, own = attribute(group, "kwd-group-type").lower(), attribute(group, "lang")
        if kind in _SHORTENED or (own and language and own != language):
            keep(extra, "kwd-group", {"type": kind, "language": own, "keywords": words})
        else:
            found += words
    return tuple(dict.fromkeys(filter(None, found)))


def _keyword(element: Element) -> str:
    if name(element) == "compound-kwd":
        return ": ".join(filter(None, (text(part) for part in element)))
    return text(element, frozenset({"nested-kwd"})).strip(";,")


def grants(article: Element, meta: Element, extra: Extra) -> tuple[str, ...]:
    """Each award as "number/funder"; what is said of funding in words is kept in `extra`, or stands for awards."""
    groups = list(children(meta, "funding-group"))
    named = [_award(award) for group in groups for award in children(group, "award-group")]
    named += [text(one) for one in children(meta, "contract-num", "contract-sponsor", "grant-num", "grant-sponsor")]
    statements = [text(one) for group in groups for one in children(group, "funding-statement", "open-access")]
    statements += [_words(one) for one in article.iter() if _is_on_funding(one)]
    said = list(dict.fromkeys(filter(None, statements)))
    keep(extra, "funding-statement", said)
    return tuple(dict.fromkeys(filter(None, named))) or tuple(said)


def _is_on_funding(element: Element) -> bool:
    if name(element) == "fn":
        return attribute(element, "fn-type") in ("financial-disclosure", "supported-by")
    return name(element) in ("sec", "notes") and _FUNDING_TITLE.fullmatch(heading(element)) is not None


def _words(element: Element) -> str:
    return " ".join(part.text for part in blocks(element, 2) if part.text)


def _award(element: Element) -> str:
    numbers = ", ".join(text(one) for one in children(element, "award-id"))
    funders = ", ".join(_funder(one) for one in children(element, "funding-source", "support-source"))
    return "/".join(filter(None, (numbers, funders)))


def _funder(element: Element) -> str:
    return text(element, frozenset({"institution-id"}))


def conflict_of_interest(article: Element) -> str:
    """What the authors declare, wherever it stands: in a note, in a section, beside the metadata."""
    found: list[str] = []
    for element in article.iter():
        if _declares_conflict(element):
            found.append(_words(element))
    return "\n".join(dict.fromkeys(filter(None, found)))


def _declares_conflict(element: Element) -> bool:
    kind = name(element)
    if kind not in ("fn", "notes", "sec"):
        return False
    types = (attribute(element, key) for key in ("fn-type", "notes-type", "sec-type"))
    if any(map(_CONFLICT.search, types)):
        return True
    words = text(element)[:300] if kind == "fn" else heading(element)
    return bool(_CONFLICT_TITLE.match(words) or (kind == "fn" and _DECLARED.match(words)))
