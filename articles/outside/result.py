"""What fetching gives: files to import, and reasons where there is none."""

from dataclasses import dataclass
from datetime import datetime

from articles.outside.wanted import Identifier


@dataclass(frozen=True)
class Fetched:
    """A file that came from outside: `data` goes to the importers.

    `name` says to people what it is; `address` is where it was found in the end; `for_identifiers` are the wanted ones
    that it answers.
    """

    name: str
    address: str
    data: bytes
    fetched_at: datetime
    for_identifiers: tuple[Identifier, ...]


@dataclass(frozen=True)
class NotFetched:
    """One wanted identifier for which nothing came, and why."""

    identifier: Identifier
    reason: str
