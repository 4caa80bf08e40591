"""One page of a list: its ids, and where it stands in the whole."""

from dataclasses import dataclass

from django.db.models import QuerySet

SIZE = 50


@dataclass(frozen=True)
class Page:
    """Page `number` of `pages`, 1-based, of a list of `total` rows."""

    number: int
    pages: int
    total: int
    ids: list[int]

    @property
    def first(self) -> int:
        """1-based place of the first row in the list; 0 where the list is empty."""
        return (self.number - 1) * SIZE + 1 if self.ids else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * SIZE + len(self.ids)


class NoSuchPage(LookupError):
    """The page lies past the end; `pages` says how many there are."""

    def __init__(self, number: int, pages: int) -> None:
        self.number, self.pages = number, pages
        super().__init__(f"Page {number} does not exist: the list has {pages} {'page' if pages == 1 else 'pages'}.")


def page_of(ordered: QuerySet, total: int, number: int) -> Page:
    """Page `number` of the ordered listing rows. Raises NoSuchPage past the end; an empty list has one empty page."""
    pages = max(1, -(-total // SIZE))
    if number > pages:
        raise NoSuchPage(number, pages)
    start = (number - 1) * SIZE
    return Page(number, pages, total, list(ordered.values_list("pk", flat=True)[start : start + SIZE]))
