"""What every import format offers."""

from collections.abc import Callable
from dataclasses import dataclass

from articles.importers.record import Record


@dataclass(frozen=True)
class Format:
    """A kind of file that can be read.

    `matches` tells by its content whether a text is of this kind; `parse` reads it and raises `ParseError`.
    """

    name: str
    label: str
    matches: Callable[[str], bool]
    parse: Callable[[str], list[Record]]
