"""What a person types who wants records fetched: identifiers and addresses among commas, spaces and lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.lib.identifiers import InvalidIdentifier, label, normalise
from articles.lib.vocabulary import IdentifierScheme

_PUBMED = r"pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed|europepmc\.org/(?:article|abstract)/med"
_PMC = r"(?:pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles|europepmc\.org/(?:articles?|article/pmc)"
_ADDRESSES = (
    ("pmid", re.compile(rf"https?://(?:www\.)?(?:{_PUBMED})/([0-9]+)(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)),
    ("pmcid", re.compile(rf"https?://(?:www\.)?(?:{_PMC})/(PMC[0-9]+)(?:[./?#].*)?", re.IGNORECASE | re.DOTALL)),
    ("doi", re.compile(r"(https?://(?:dx\.|www\.)?doi\.org/[^?#]+).*", re.IGNORECASE | re.DOTALL)),
)
_SEARCH_PAGE = re.compile(rf"https?://(?:www\.)?(?:{_PUBMED})(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
_STARTS = (
    ("pmid", re.compile("pmid", re.I)),
    ("pmcid", re.compile("pmc", re.I)),
    ("doi", re.compile("doi|10\\.", re.I)),
)
_LABEL = re.compile(r"\b(PMID|PMCID|DOI)s?(?:\s*:\s*|\s+)(?=PMC|[0-9])", re.IGNORECASE | re.ASCII)
_NEXT = re.compile(r"[,;](?=https?://|doi:|10\.[0-9]{4,9}/|pmid|pmc)", re.IGNORECASE | re.ASCII)
# DOIs and addresses may hold commas and semicolons themselves.
_HOLDS_COMMAS = re.compile(r"[^\w]*(?:https?:|doi:|10\.[0-9])", re.IGNORECASE | re.ASCII)
_AROUND = " \t\"'`\u201c\u201d\u2018\u2019\u200b\ufeff,;*\u2022|"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_SHORT_NUMBER = 4
_LONGEST = 2_000


@dataclass(frozen=True)
class Identifier:
    """One thing to fetch. `scheme` is pmid, pmcid, doi or url; `value` is in its normal form."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return self.value if self.scheme in ("url", "pmcid") else f"{label(self.scheme)} {self.value}"


@dataclass(frozen=True)
class Unclear:
    """A piece of text that could not be read as something to fetch; `line` counts from 1."""

    text: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Wanted:
    """What was read, in the order of the text and each once, and what was not."""

    identifiers: tuple[Identifier, ...]
    unclear: tuple[Unclear, ...]


def read(text: str) -> Wanted:
    """Every piece of a text, as an identifier or as something unclear; nothing is left out.

    Digits alone are a PMID. Pieces stand on lines of their own or between commas, semicolons and white space.
    """
    identifiers: list[Identifier] = []
    unclear: list[Unclear] = []
    for number, line in enumerate(text.splitlines(), 1):
        found, doubtful = _read_line(line)
        identifiers += found
        unclear += (Unclear(piece, number, reason) for piece, reason in doubtful)
    return Wanted(tuple(dict.fromkeys(identifiers)), tuple(unclear))


def identify(piece: str) -> Identifier:
    """The identifier in a piece of text that holds nothing else. Raises `InvalidIdentifier`."""
    if piece.lower().startswith(("http://", "https://")):
        return _from_address(piece)
    if _DIGITS.fullmatch(piece):
        return Identifier("pmid", normalise("pmid", piece))
    for scheme, start in _STARTS:
        if start.match(piece):
            return Identifier(scheme, normalise(scheme, piece))
    raise InvalidIdentifier(_why_not(piece))


def _from_address(address: str) -> Identifier:
    for scheme, pattern in _ADDRESSES:
        if match := pattern.fullmatch(address):
            return Identifier(scheme, normalise(scheme, match[1]))
    if _SEARCH_PAGE.fullmatch(address):
        raise InvalidIdentifier(
            f"{address[:80]!r} is a page of PubMed without a PMID; export its records, or give their PMIDs."
        )
    return Identifier("url", normalise("url", address))


def _why_not(piece: str) -> str:
    if re.match(r"www\.|[\w-]+(\.[\w-]+)+/", piece):
        return f"{piece[:80]!r} looks like an address; write it with https:// before it."
    for scheme in (IdentifierScheme.NCT, IdentifierScheme.ISRCTN, IdentifierScheme.EUDRACT):
        try:
            normalise(scheme, piece)
        except InvalidIdentifier:
            continue
        return f"{piece[:80]!r} is the number of a trial; registers of trials are not asked."
    return f"{piece[:80]!r} is neither a PMID, a PMCID, a DOI nor an address that begins with http:// or https://."


def _read_line(line: str) -> tuple[list[Identifier], list[tuple[str, str]]]:
    found: list[tuple[str, Identifier]] = []
    unclear: list[tuple[str, str]] = []
    for piece in _pieces(_LABEL.sub(r"\1:", line)):
        try:
            found.append((piece, identify(piece)))
        except InvalidIdentifier as error:
            unclear.append((piece, str(error)))
    if not unclear:
        return [identifier for _, identifier in found], []
    # Among words, as in a citation, a short number is a year or a page.
    doubtful = [piece for piece, _ in found if _DIGITS.fullmatch(piece) and len(piece) <= _SHORT_NUMBER]
    unclear += ((piece, f"{piece!r} stands among words; if it is a PMID, write pmid:{piece}.") for piece in doubtful)
    return [identifier for piece, identifier in found if piece not in doubtful], unclear


def _pieces(line: str) -> Iterator[str]:
    for token in line.split():
        for part in _NEXT.split(token):
            pieces = [part] if _HOLDS_COMMAS.match(part) else re.split("[,;]", part)
            # What is longer than any identifier is only worth naming.
            yield from filter(None, (piece if len(piece) > _LONGEST else _bare(piece) for piece in pieces))


def _bare(piece: str) -> str:
    """The piece without the punctuation around it; brackets that belong to it stay."""
    before = ""
    while piece != before:
        before = piece
        piece = piece.strip(_AROUND).lstrip("([{<").rstrip(".:")
        opening = _PAIRS.get(piece[-1:])
        if opening and piece.count(opening) < piece.count(piece[-1]):
            piece = piece[:-1]
    return piece
