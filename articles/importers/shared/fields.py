"""Typed reading of the values of a front matter; every error names the line, the place and the field."""

from collections.abc import Collection, Mapping
from typing import Any

from articles.importers.record import ParseError
from articles.importers.shared.front_matter import FrontMatter
from articles.lib import identifiers, partial_date
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.partial_date import InvalidDate, PartialDate
from articles.lib.text import normalise
from articles.lib.vocabulary import Term

NOT_REPORTED = "not reported"
LONGEST_NAME = 200


class Fields:
    """The values at one path of a front matter. `place` is put before every message, such as "claim 3"."""

    def __init__(self, head: FrontMatter, *path: str | int, place: str = "") -> None:
        values: Any = head.data
        for step in path:
            values = values[step]
        self._head, self._path, self._place = head, path, place
        if not isinstance(values, Mapping):
            raise self.error("", f"expected names with values, not {_shown(values)}")
        self._values: Mapping[str, Any] = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) is not None

    def error(self, name: str, message: str) -> ParseError:
        """The error to raise about a field; an empty name speaks of the whole place."""
        where = ", ".join(part for part in (self._place, name) if part)
        return ParseError(
            f"{where}: {message}" if where else message, self._head.line(*self._path, *([name] if name else []))
        )

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Refuses names that nobody reads, which are most often misspelt ones."""
        for name in self._values:
            if name not in known:
                raise self.error(name, f"there is no such field; the fields are {', '.join(sorted(known))}")

    def others(self, known: Collection[str]) -> dict[str, Any]:
        """The values whose names are not among these."""
        return {name: value for name, value in self._values.items() if name not in known}

    def text(self, name: str, *, required: bool = False, most: int | None = None) -> str:
        """Plain text, normalised; a number is taken as it was written."""
        value = self._values.get(name)
        if isinstance(value, (Mapping, list, bool)):
            raise self.error(name, f"expected plain text, not {_shown(value)}")
        text = "" if value is None else normalise(str(value))
        if required and not text:
            raise self.error(name, "is missing")
        if most and len(text) > most:
            raise self.error(name, f"has {len(text)} characters; at most {most} are allowed")
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of plain texts, none of them empty."""
        values = self._list(name)
        if not all(isinstance(value, (str, int)) and str(value).strip() for value in values):
            raise self.error(name, f"expected a list of plain texts, not {_shown(values)}")
        return tuple(normalise(str(value)) for value in values)

    def choice(self, name: str, vocabulary: type[Term], *, required: bool = False) -> str:
        """One value of a vocabulary."""
        value = self.text(name, required=required)
        return self._known(name, value, vocabulary) if value else ""

    def choices(self, name: str, vocabulary: type[Term]) -> tuple[str, ...]:
        """A list of values of a vocabulary."""
        return tuple(self._known(name, value, vocabulary) for value in self.texts(name))

    def yes_or_no(self, name: str) -> bool | None:
        """True or false; None where nothing is said."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.error(name, f"expected true or false, not {_shown(value)}")
        return value

    def whole_number(self, name: str, *, most: int) -> int | None:
        """A number from 0 to `most`; None where nothing is said."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise self.error(name, f"expected a whole number from 0 to {most}, not {_shown(value)}")
        return value

    def is_not_reported(self, name: str) -> bool:
        """Whether the curator wrote that the source does not report this."""
        return self._values.get(name) == NOT_REPORTED

    def date(self, name: str) -> PartialDate | None:
        """A date as far as it is known."""
        written = self.text(name)
        try:
            return partial_date.parse(written) if written else None
        except InvalidDate as error:
            raise self.error(name, str(error)) from error

    def identifier(self, scheme: str) -> tuple[str, str]:
        """The identifier in the field that has the name of its scheme, normalised."""
        try:
            return scheme, identifiers.normalise(scheme, self.text(scheme, required=True))
        except InvalidIdentifier as error:
            raise self.error(scheme, str(error)) from error

    def items(self, name: str) -> list["Fields"]:
        """A list whose items have fields of their own; each is called "claim 1" and so on, after the list's name."""
        single = name.removesuffix("s")
        path = (*self._path, name)
        return [Fields(self._head, *path, i, place=f"{single} {i + 1}") for i in range(len(self._list(name)))]

    def inner(self, name: str) -> "Fields | None":
        """The fields inside a field, such as those of `study_group`; None where it is not given."""
        return Fields(self._head, *self._path, name, place=name) if name in self else None

    def names(self) -> tuple[str, ...]:
        """The names given here, in order."""
        return tuple(self._values)

    def _list(self, name: str) -> list[Any]:
        value = self._values.get(name)
        if value is not None and not isinstance(value, list):
            raise self.error(name, f"expected a list, not {_shown(value)}")
        return value or []

    def _known(self, name: str, value: str, vocabulary: type[Term]) -> str:
        if value not in vocabulary.values():
            raise self.error(name, f"{value[:60]!r} is not allowed; the values are {', '.join(vocabulary.values())}")
        return value


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "names with values"
    return "a list" if isinstance(value, list) else repr(value)[:60]
