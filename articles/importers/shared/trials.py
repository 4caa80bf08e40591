"""Numbers of studies in trial registers, as records list them and as texts mention them."""

import re
from collections.abc import Iterable

from articles.lib import identifiers
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.vocabulary import IdentifierScheme

TrialId = tuple[str, str]

_REGISTERS = {
    "clinicaltrials.gov": IdentifierScheme.NCT.value,
    "isrctn": IdentifierScheme.ISRCTN.value,
    "eudract": IdentifierScheme.EUDRACT.value,
}
_NCT = re.compile(r"\bNCT[ -]?(\d{8})\b", re.IGNORECASE | re.ASCII)
_ISRCTN = re.compile(r"\bISRCTN[ -]?(\d{8})\b", re.IGNORECASE | re.ASCII)
# Elsewhere twelve such digits may be anything, a telephone number too: the register must be named just before.
_EUDRACT = re.compile(r"\bEudra-?CT\b[^\d\n]{0,40}(\d{4}-\d{6}-\d{2})(?![\d-])", re.IGNORECASE | re.ASCII)
# With the letters without which a text need not be searched.
_PATTERNS = (("nct", "NCT", _NCT, "nct"), ("isrctn", "ISRCTN", _ISRCTN, "isrctn"), ("eudract", "", _EUDRACT, "eudra"))


def in_text(text: str) -> tuple[TrialId, ...]:
    """The trials that a text names, as (scheme, number), in the order in which they are named, each once."""
    lowered = text.lower()
    found = [
        (match.start(), (scheme, prefix + match[1]))
        for scheme, prefix, pattern, letters in _PATTERNS
        if letters in lowered
        for match in pattern.finditer(text)
    ]
    return tuple(dict.fromkeys(trial for _place, trial in sorted(found)))


def in_registers(entries: Iterable[tuple[str, str]]) -> tuple[TrialId, ...]:
    """The trials among (name of a data bank, number in it), as records list them; other data banks are left out."""
    return tuple(dict.fromkeys(trial for bank, number in entries if (trial := _registered(bank, number))))


def _registered(bank: str, number: str) -> TrialId | None:
    scheme = _REGISTERS.get(bank.strip().lower())
    if scheme is None:
        return None
    try:
        # Some records leave out the letters that the register's own numbers begin with.
        prefix = "" if scheme == "eudract" or number.strip()[:1].isalpha() else scheme.upper()
        return scheme, identifiers.normalise(scheme, prefix + re.sub(r"\s", "", number))
    except InvalidIdentifier:
        return None
