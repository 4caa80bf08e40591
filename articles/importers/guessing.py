"""Guesses about who publishes a web page and why, each with its reason; a curator confirms or corrects them."""

import re
from dataclasses import dataclass

from articles.lib.vocabulary import Kind, PublisherInterest

_SELLER_WORDS = re.compile(
    r"\b(?:at the clinic|our (?:clinic|patients|therapies|treatments|packages|protocols|hospital)"
    r"|we (?:offer|treat|provide|perform)|results can be expected|book (?:a|your) (?:consultation|appointment)"
    r"|(?:contact|call) us|free consultation)\b",
    re.IGNORECASE,
)
_PLACE_NAMED = re.compile(
    r"\b(?:[Tt]herapy|[Tt]herapies|[Tt]reatments?|[Cc]ells?) at (?P<name>[A-Z][\w&.'-]*(?: [A-Z&][\w&.'-]*){0,4})\s*$"
)


@dataclass(frozen=True)
class Guess:
    """What a page seems to be, and the reason for each field."""

    kind: str
    publisher_interest: str
    reasons: dict[str, str]


def of_page(text: str, also: str = "") -> Guess:
    """Kind and publisher interest of a web page from its words; `also` is put before the reason."""
    words = _SELLER_WORDS.search(text)
    if words is None:
        return Guess(
            Kind.OTHER.value,
            PublisherInterest.UNKNOWN.value,
            {
                "kind": "A web page whose words do not say what sort of page it is.",
                "publisher_interest": "The words of the page do not offer a treatment.",
            },
        )
    reason = f'{also}The page says "{words.group()}".'
    return Guess(
        Kind.CLINIC_PAGE.value,
        PublisherInterest.SELLS_THERAPY.value,
        {"kind": reason, "publisher_interest": f"{reason} It seems to offer the treatment it writes about."},
    )


def publisher(headings: list[str]) -> tuple[str, str]:
    """The name of the clinic as a heading such as "Stem Cell Therapy at ..." gives it, and the reason; else blanks."""
    for heading in headings:
        named = _PLACE_NAMED.search(heading)
        if named:
            return named["name"], f'The heading "{heading}" names it.'
    return "", ""
