"""Values of JSON from outside: whatever they are, they become plain texts, lists and names with values."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from articles.importers.record import ParseError
from articles.importers.shared.abstracts import line
from articles.lib.text import normalise

DEEPEST = 40
_LONGEST_NUMBER = 15


def load(text: str) -> dict[str, Any]:
    """The object that the text is. Raises `ParseError` where it is none.

    Of a name given twice the first value has it; the second is called "name (2)". Numbers that a computer would round
    stay texts, as do NaN and Infinity.
    """
    value = _parsed(text)
    if not isinstance(value, dict):
        raise ParseError(f"an object with names and values was expected, not {text[:40]!r}.")
    return {normalise(name): _cleaned(inner, 1) for name, inner in value.items()}


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_named, parse_int=_number, parse_float=str, parse_constant=str, strict=False
        )
    except RecursionError as error:
        raise ParseError(f"it is nested more than {DEEPEST} deep.") from error
    except ValueError as error:
        raise ParseError(f"this is not JSON: {error}.") from error


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _named(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    times: dict[str, int] = {}
    for name, value in pairs:
        times[name] = times.get(name, 0) + 1
        named[name if times[name] == 1 else f"{name} ({times[name]})"] = value
    return named


def _cleaned(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise ParseError(f"it is nested more than {DEEPEST} deep.")
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [_cleaned(inner, depth + 1) for inner in value]
    if isinstance(value, dict):
        return {normalise(name): _cleaned(inner, depth + 1) for name, inner in value.items()}
    return value


class Item:
    """The values of an object by name, and which of them have been read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)
        self._read: set[str] = set()

    def get(self, *names: str) -> Any:
        """The value of the first of these names that has one; it is not read by this."""
        return next((value for name in names if (value := self._values.get(name)) not in (None, "", [], {})), None)

    def text(self, *names: str) -> str:
        """The first of these values that is a text, or a list of one; on one line. Others stay unread."""
        for name in names:
            written = texts(self._values.get(name))
            if written:
                if len(written) == 1:
                    self._read.add(name)
                return written[0]
        return ""

    def texts(self, *names: str) -> list[str]:
        """The texts of all of these values."""
        self._read.update(names)
        return [text for name in names for text in texts(self._values.get(name))]

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The objects in a list; they are not read by this."""
        value = self._values.get(name)
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

    def read(self, *names: str) -> None:
        """Counts these values as read."""
        self._read.update(names)

    def rest(self) -> dict[str, Any]:
        """The values that nobody has read and that say something."""
        return {
            name: value
            for name, value in self._values.items()
            if name not in self._read and value not in (None, "", [], {})
        }


def texts(value: Any) -> list[str]:
    """The text, the number, or those in a list, each on one line; nothing else is text."""
    given = value if isinstance(value, list) else [value]
    return [
        text for one in given if isinstance(one, str | int) and not isinstance(one, bool) and (text := line(str(one)))
    ]
