"""Guesses about who publishes a web page and why, each with its reason; a curator confirms or corrects them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from articles.lib.vocabulary import Kind, PublisherInterest

_SELLER_WORDS = re.compile(
    r"\b(?:at the clinic|results can be expected"
    r"|our (?:clinics?|patients|therap(?:y|ies)|treatments?|packages?|protocols?|hospitals?|prices|pricing|price list"
    r"|doctors|medical team|specialists|patient coordinators?|treatment (?:plans?|program(?:me)?s?|cent(?:er|re)s?))"
    r"|we (?:offer|treat|provide|perform|administer|inject|have treated)"
    r"|(?:book|schedule|arrange|request|get|make) (?:a|an|your)(?: (?:free|online|personal|private|initial))*"
    r" (?:consultation|appointment|evaluation|assessment|quote|call)"
    r"|book (?:now|online|today)|(?:contact|call) us|(?:free|online)(?: online| medical)? consultations?"
    r"|become a patient|apply for (?:the )?treatment|am i a candidate|find out if you(?: a|')re a candidate"
    r"|all[- ]inclusive(?: treatment)? package|medical tourism|buy now|add to cart)\b",
    re.IGNORECASE,
)
_AMOUNT = r"(?:(?:US ?)?[$\u20ac\xa3] ?\d[\d.,]*|\b\d[\d.,]* ?(?:USD|EUR|GBP|dollars|euros?|pounds)\b)"
_PRICE = re.compile(
    rf"\b(?:prices?|costs?|fees?|packages?|starting|starts?)(?: \w+){{0,4}} (?:from|at|is|are|of|between) {_AMOUNT}"
    rf"|{_AMOUNT} ?(?:per|for each|for one|a) (?:session|treatment|injection|infusion|vial|package|cycle|patient)\b",
    re.IGNORECASE,
)
# Whoever sells coffee offers things too.
_CARE_WORDS = re.compile(
    r"\b(?:treat(?:s|ed|ing|ments?)?|therap\w+|cells?|patients?|clinics?|clinical|medic\w+|inject\w+|infusions?|exosomes?"
    r"|disease|healing|surg\w+)\b",
    re.IGNORECASE,
)
_PLACE_NAMED = re.compile(
    r"\b(?:[Tt]herapy|[Tt]herapies|[Tt]reatments?|[Cc]ells?) at (?P<name>[A-Z][\w&.'-]*(?: [A-Z&][\w&.'-]*){0,4})\s*$"
)
_REGULATORS = (
    "fda.gov", "ema.europa.eu", "tga.gov.au", "pmda.go.jp", "swissmedic.ch", "mhra.gov.uk", "anvisa.gov.br", "pei.de",
    "bfarm.de",
)  # fmt: skip
_REGISTERS = (
    "clinicaltrials.gov", "isrctn.com", "clinicaltrialsregister.eu", "euclinicaltrials.eu", "anzctr.org.au",
    "ctri.nic.in", "chictr.org.cn", "trialsearch.who.int",
)  # fmt: skip
_NEWS_TYPES = frozenset({"newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle"})
_CLINIC_TYPES = {
    "medicalclinic": "a clinic",
    "medicalbusiness": "a medical business",
    "hospital": "a hospital",
    "physician": "a physician's practice",
    "healthandbeautybusiness": "a health and beauty business",
}
_OFFERS = "It seems to offer the treatment it writes about."


@dataclass(frozen=True)
class Guess:
    """What a page seems to be, and the reason for each field."""

    kind: str
    publisher_interest: str
    reasons: dict[str, str]


def of_page(text: str, also: str = "", *, types: Collection[str] = (), address: str = "") -> Guess:
    """Kind and publisher interest of a web page from its words, where it stands and what it says that it is.

    `also` is put before the reason; `types` are its schema.org types in lower case, `address` where it stood.
    """
    stated = _by_address(address) or _by_types(types)
    if stated:
        return stated
    words = _SELLER_WORDS.search(text) or _PRICE.search(text)
    if words is not None and _CARE_WORDS.search(text):
        return _seller(f'{also}The page says "{words.group()}".')
    return _unknown(
        Kind.OTHER,
        "A web page whose words do not say what sort of page it is.",
        "The words of the page do not offer a treatment.",
    )


def publisher(headings: list[str]) -> tuple[str, str]:
    """The name of the clinic as a heading such as "Stem Cell Therapy at ..." gives it, and the reason; else blanks."""
    for heading in headings:
        named = _PLACE_NAMED.search(heading)
        if named:
            return named["name"], f'The heading "{heading}" names it.'
    return "", ""


def _by_address(address: str) -> Guess | None:
    host = urlsplit(address).hostname or ""
    for kind, sites, what in (
        (Kind.REGULATOR_PAGE, _REGULATORS, "an authority's site"),
        (Kind.TRIAL_REGISTRATION, _REGISTERS, "a register of trials"),
    ):
        site = next((site for site in sites if host == site or host.endswith(f".{site}")), None)
        if site:
            return _unknown(
                kind, f"It stands on {site}, {what}.", "The page does not say who paid for what it reports."
            )
    return None


def _by_types(types: Collection[str]) -> Guess | None:
    if not _NEWS_TYPES.isdisjoint(types):
        return _unknown(Kind.NEWS, "The page calls itself a news article.", "News rarely say who stands behind them.")
    if "medicalguideline" in types:
        return _unknown(Kind.GUIDELINE, "The page calls itself a guideline.", "The page does not say who paid for it.")
    clinic = next((called for name, called in _CLINIC_TYPES.items() if name in types), None)
    return _seller(f"The page calls its publisher {clinic}.") if clinic else None


def _seller(reason: str) -> Guess:
    reasons = {"kind": reason, "publisher_interest": f"{reason} {_OFFERS}"}
    return Guess(Kind.CLINIC_PAGE.value, PublisherInterest.SELLS_THERAPY.value, reasons)


def _unknown(kind: Kind, why: str, why_unknown: str) -> Guess:
    reasons = {"kind": why, "publisher_interest": why_unknown}
    return Guess(kind.value, PublisherInterest.UNKNOWN.value, reasons)
