"""Query strings read strictly and written in one order; what a name may mean is for others to say."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

MAX_PARAMETERS = 200
MAX_VALUE_LENGTH = 4_000

_TRACKING_PREFIX = "utm_"
_TRACKING_NAMES = frozenset({"fbclid", "gclid", "msclkid"})


class BadQuery(ValueError):
    """The query string cannot be read; the message says what is wrong with it."""


def is_tracking(name: str) -> bool:
    """Whether other sites add a parameter of this name to follow their visitors."""
    return name.lower().startswith(_TRACKING_PREFIX) or name.lower() in _TRACKING_NAMES


def parse(query: str | bytes) -> dict[str, list[str]]:
    """Each name with its values in order, tracking parameters left out; blank values stay.

    Raises `BadQuery` for NUL characters, bytes that are not UTF-8, a name or value of more than 4,000 characters and
    more than 200 parameters.
    """
    try:
        text = query.decode("utf-8") if isinstance(query, bytes) else query
        pairs = parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="strict", separator="&")
        "".join(name + value for name, value in pairs).encode("utf-8")
    except UnicodeError as error:
        raise BadQuery("The address holds bytes that are not UTF-8.") from error
    if len(pairs) > MAX_PARAMETERS:
        raise BadQuery(f"The address has {len(pairs)} parameters; at most {MAX_PARAMETERS} are allowed.")
    parameters: dict[str, list[str]] = {}
    for name, value in pairs:
        _check(name, value)
        if not is_tracking(name):
            parameters.setdefault(name, []).append(value)
    return parameters


def encode(parameters: Mapping[str, Sequence[str]]) -> str:
    """The query string of these parameters: names in alphabetical order, the values of a name in the given order."""
    return urlencode([(name, value) for name in sorted(parameters) for value in parameters[name]])


def narrowed(parameters: Mapping[str, Sequence[str]], where: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The parameters of a list that leave those rows of a list which meet these conditions as well.

    Both lists have rows in common: where they name no common value of a parameter, nothing is left of it.
    """
    left = {name: list(values) for name, values in parameters.items()}
    for name, values in where.items():
        before = left.get(name, [])
        if name.startswith("not_") or not before:
            left[name] = list(dict.fromkeys([*before, *values]))
        else:
            left[name] = [value for value in before if value in values]
    return left


def _check(name: str, value: str) -> None:
    if "\0" in name or "\0" in value:
        raise BadQuery(f"The parameter {name[:40]!r} holds a NUL character.")
    if len(name) > MAX_VALUE_LENGTH or len(value) > MAX_VALUE_LENGTH:
        raise BadQuery(
            f"The parameter {name[:40]!r} has {max(len(name), len(value))} characters; "
            f"at most {MAX_VALUE_LENGTH} are allowed."
        )
