"""What every record of PubMed's means, in whichever of its formats it comes: kind, design, standing and title."""

import re
from collections.abc import Iterable
from typing import Any

from articles.importers.record import ParseError, Record
from articles.importers.shared import notices, publication_types, trials
from articles.lib.vocabulary import Kind, PublisherInterest, TextBasis

_NOT_AVAILABLE = "Not Available"
# Longer ones are the publisher's own numbers for an article that has no place in a volume yet.
_ARTICLE_NUMBER = re.compile(r"e?\d{1,6}", re.IGNORECASE | re.ASCII)


def record(
    fields: dict[str, Any],
    types: tuple[str, ...],
    extra: dict[str, Any],
    *,
    format: str,
    of: str,
    is_book: bool = False,
) -> Record:
    """The record of these fields, with what follows from them. `of` is the PMID, or what else names the record.

    Raises `ParseError` where it has no title.
    """
    title, document = fields["title"], fields["document"]
    if not title:
        raise ParseError(f"The record PMID {of or '(none)'} has no title.")
    kind, design, guesses = _kind(types, is_book=is_book)
    standing, notice = notices.status(fields.get("links", ()), types, title)
    mentioned = trials.in_text(f"{title}\n{document.text}")
    return Record(
        **fields | {"trial_ids": tuple(dict.fromkeys((*fields.get("trial_ids", ()), *mentioned)))},
        format=format,
        kind=kind,
        design=design,
        publication_types=types,
        publication_status=standing,
        status_notice=notice,
        publisher_interest=PublisherInterest.UNKNOWN.value,
        text_basis=(TextBasis.ABSTRACT if document.text else TextBasis.METADATA_ONLY).value,
        guesses=guesses,
        extra=extra,
    )


def _kind(types: tuple[str, ...], *, is_book: bool) -> tuple[str, str, dict[str, str]]:
    """Kind and design, and the reasons for what is a guess."""
    kind, design = publication_types.kind_and_design(types)
    guesses = {"publisher_interest": "The record does not say what the publisher stands to gain."}
    if not kind:
        kind = (Kind.OTHER if is_book else Kind.ABSTRACT).value
        guesses["kind"] = "The publication types of the record do not tell what sort of document it is."
    return kind, design, guesses


def article_number(piis: Iterable[str], volume: str) -> str:
    """What PubMed prints in the place of pages where a journal has none, "25:e42692": the first PII that is such."""
    return next(filter(_ARTICLE_NUMBER.fullmatch, piis), "") if volume else ""


def titles(printed: str, vernacular: str) -> tuple[str, str]:
    """The title without its final full stop or a translation's brackets, and the original one of a translation."""
    title, original = _without_marks(printed), _without_marks(vernacular)
    if original and title in ("", _NOT_AVAILABLE):
        return original, ""
    # PubMed's word for a title that it does not have keeps its brackets, so that nobody takes it for one.
    return (f"[{title}]" if title == _NOT_AVAILABLE else title), original


def _without_marks(printed: str) -> str:
    title = _without_stop(printed)
    return _without_stop(title[1:-1]) if _is_bracketed(title) else title


def _without_stop(title: str) -> str:
    return title.removesuffix(".").rstrip() if not title.endswith("..") else title


def _is_bracketed(title: str) -> bool:
    """Whether one pair of brackets holds the whole title, unlike in "[18F]alpha and [11C]"."""
    depth = 0
    for place, character in enumerate(title if title.startswith("[") else ""):
        depth += (character == "[") - (character == "]")
        if depth == 0:
            return place == len(title) - 1 and place > 1
    return False
