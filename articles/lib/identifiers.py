"""Identifiers of publications, studies and pages: one written form each, and the address they lead to."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from articles.lib.querystring import is_tracking
from articles.lib.vocabulary import IdentifierScheme

SCHEMES = IdentifierScheme.values()

_LABELS = dict(IdentifierScheme.choices())
_LONGEST = 500
_PMID = re.compile(r"(?:PMID:?\s*|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)?"
                   r"0*([1-9][0-9]{0,8})/?", re.IGNORECASE | re.ASCII)  # fmt: skip
_PMCID = re.compile(r"(?:PMCID:?\s*|https?://(?:www\.|pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/)?"
                    r"PMC0*([1-9][0-9]{0,8})(?:\.[0-9]+)?/?", re.IGNORECASE | re.ASCII)  # fmt: skip
_DOI_RESOLVER = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_DOI_LABEL = re.compile(r"doi:?\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f\x7f]+")
_NCT = re.compile(r"NCT[0-9]{8}", re.ASCII)
_ISRCTN = re.compile(r"ISRCTN[0-9]{8}", re.ASCII)
_EUDRACT = re.compile(r"[0-9]{4}-[0-9]{6}-[0-9]{2}", re.ASCII)
_UNSAFE_IN_URL = re.compile(r"[\s\x00-\x20\x7f\\<>\"{}^`|]")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._[]"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidIdentifier(ValueError):
    """The value is no identifier of its scheme, or the scheme is unknown."""


def normalise(scheme: str, value: str) -> str:
    """The one written form of an identifier, whatever form it came in; raises `InvalidIdentifier`.

    DOIs in lower case without resolver; PMCIDs as `PMC123`; ISBNs as 13 digits; addresses with scheme and host in
    lower case, without fragment and tracking parameters. Normalising twice changes nothing.
    """
    if scheme not in _NORMALISERS:
        raise InvalidIdentifier(f"Unknown kind of identifier {scheme!r}; known are {', '.join(SCHEMES)}.")
    value = value.strip()
    normalised = _NORMALISERS[scheme](value) if len(value) <= _LONGEST else None
    if not normalised or len(normalised) > _LONGEST:
        raise InvalidIdentifier(f"{value[:80]!r} is not a valid {label(scheme)}; expected {_EXPECTED[scheme]}.")
    return normalised


def label(scheme: str) -> str:
    """What people call the scheme, such as "ClinicalTrials.gov" for nct."""
    return _LABELS[scheme]


def link(scheme: str, value: str) -> str | None:
    """The address a normalised identifier leads to; None where there is none."""
    if scheme in (IdentifierScheme.URL, IdentifierScheme.ARCHIVE_URL):
        return value
    pattern = _LINKS.get(scheme)
    return pattern.format(quote(value, safe="/:;().-_")) if pattern else None


@dataclass(frozen=True)
class Trial:
    """A registered study: the name of its register, its number there, and its address, None where it has none."""

    register: str
    number: str
    address: str | None


def trial(written: str) -> Trial:
    """The study of such as "nct:NCT01194570"; one without a known register is a number alone."""
    scheme, _colon, number = written.partition(":")
    if scheme not in SCHEMES:
        return Trial("", written, None)
    return Trial(label(scheme), number, link(scheme, number))


def _pmid(value: str) -> str | None:
    match = _PMID.fullmatch(value)
    return match[1] if match else None


def _pmcid(value: str) -> str | None:
    match = _PMCID.fullmatch(value)
    return f"PMC{match[1]}" if match else None


def _doi(value: str) -> str | None:
    resolver = _DOI_RESOLVER.match(value)
    doi = unquote(value[resolver.end() :]) if resolver else _DOI_LABEL.sub("", value, count=1)
    match = _DOI.fullmatch(doi.lower())
    return match[0] if match else None


def _exactly(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    def normalise_exactly(value: str) -> str | None:
        match = pattern.fullmatch(value.upper())
        return match[0] if match else None

    return normalise_exactly


def _isbn(value: str) -> str | None:
    digits = re.sub(r"[\s-]", "", value).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        weighted = sum((10 - i) * (10 if digit == "X" else int(digit)) for i, digit in enumerate(digits))
        return f"978{digits[:9]}{_isbn_check_digit('978' + digits[:9])}" if weighted % 11 == 0 else None
    if re.fullmatch(r"97[89][0-9]{10}", digits) and digits[12] == _isbn_check_digit(digits[:12]):
        return digits
    return None


def _isbn_check_digit(first_twelve: str) -> str:
    return str(-sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(first_twelve)) % 10)


def _url(value: str) -> str | None:
    return _address(value, keep_query=False)


def _archive_url(value: str) -> str | None:
    # An archive files a page under the address it was saved from, tracking parameters included.
    return _address(value, keep_query=True)


def _address(value: str, *, keep_query: bool) -> str | None:
    if _UNSAFE_IN_URL.search(value):
        return None
    try:
        parts = urlsplit(value)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:
        return None
    host = f"[{host}]" if ":" in host else host
    if parts.scheme not in _DEFAULT_PORTS or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    query = parts.query if keep_query else _without_tracking(parts.query)
    return urlunsplit((parts.scheme, netloc, _quoted(parts.path) or "/", _quoted(query, also="?"), ""))


def _quoted(part: str, also: str = "") -> str:
    return quote(part, safe=_KEPT_IN_PATH + also, errors="replace")


def _without_tracking(query: str) -> str:
    """The query as it was, unless tracking parameters must be taken out of it."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [pair for pair in pairs if not is_tracking(pair[0])]
    return query if len(kept) == len(pairs) else urlencode(kept)


_NORMALISERS: dict[str, Callable[[str], str | None]] = {
    "pmid": _pmid,
    "pmcid": _pmcid,
    "doi": _doi,
    "nct": _exactly(_NCT),
    "isrctn": _exactly(_ISRCTN),
    "eudract": _exactly(_EUDRACT),
    "url": _url,
    "archive_url": _archive_url,
    "isbn": _isbn,
}
_EXPECTED = {
    "pmid": "digits, such as 23203029",
    "pmcid": "a number such as PMC3497350",
    "doi": "something like 10.3390/ijms131013713",
    "nct": "NCT and eight digits",
    "isrctn": "ISRCTN and eight digits",
    "eudract": "a number such as 2012-000734-19",
    "url": "an address that begins with http:// or https://",
    "archive_url": "an address that begins with http:// or https://",
    "isbn": "10 or 13 digits whose check digit is right",
}
_LINKS = {
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "doi": "https://doi.org/{}",
    "nct": "https://clinicaltrials.gov/study/{}",
    "isrctn": "https://www.isrctn.com/{}",
    "eudract": "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{}",
}
