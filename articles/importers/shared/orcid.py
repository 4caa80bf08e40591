"""ORCID: the number of a researcher, as records and pages write it."""

import re

_ORCID = re.compile(
    r"(?:https?://(?:www\.)?orcid\.org/|orcid:? ?)?((?:\d{4}-?){3}\d{3}[\dX])/?", re.IGNORECASE | re.ASCII
)


def orcid(written: str) -> str:
    """An ORCID as 0000-0000-0000-0000; empty where it is none, or its check digit is wrong: then it is to be kept."""
    match = _ORCID.fullmatch(written.strip())
    if match is None:
        return ""
    digits = match[1].replace("-", "").upper()
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[15] != ("X" if check == 10 else str(check)):
        return ""
    return "-".join(digits[place : place + 4] for place in range(0, 16, 4))
