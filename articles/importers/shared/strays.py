"""Lines of a file that belong to no record: told, never dropped."""

from collections.abc import Iterable, Iterator

from articles.importers.format import Unreadable

_KEPT = 2_000


class Strays:
    """Lines that stand together and belong to no record: how they begin, and where."""

    def __init__(self, lines: Iterable[tuple[int, bytes]] = ()) -> None:
        self._line, self._shown = 0, b""
        for number, line in lines:
            self.add(number, line)

    def add(self, number: int, line: bytes) -> None:
        """Takes another line, `number` of the file."""
        self._line = self._line or number
        if len(self._shown) < _KEPT:
            self._shown += line[:_KEPT] + b"\n"

    def told(self) -> Iterator[Unreadable]:
        """What to tell of them, if there are any."""
        if self._line:
            first = self._shown.split(b"\n", 1)[0].decode("utf-8", "replace").strip()[:80]
            yield Unreadable(f"There is text that belongs to no record: {first!r}.", self._line, self._shown)
