"""A file in batches: while one is written by the database, the next is read and understood beside it."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import BinaryIO

from articles.actions.incoming import Item
from articles.importers import Found
from articles.importers.record import ParseError
from articles.queries.identity import read_before

logger = logging.getLogger(__name__)

RECORDS = 500
BYTES = 8_000_000
# Where a file breaks off: what was read of it before comes in all the same.
UNREADABLE = (ParseError, OSError)


@dataclass
class Batch:
    """Records that stand together. `known` are the sources of those read before, `items` what was understood of the
    others, `failed` why they were not, all by the number of the record; `bytes_read` is how far the file was read."""

    found: list[Found]
    bytes_read: int
    known: dict[int, int] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)


def understood(found: Iterable[Found], stream: BinaryIO, understand: Callable[[Found], Item | None]) -> Iterator[Batch]:
    """The batches of a file in order. `understand` makes the item of a record, None where nobody wants it; it runs in
    a thread of its own, without the database."""

    def prepare(batch: Batch) -> Batch:
        for one in batch.found:
            if one.number not in batch.known:
                _understand(one, batch, understand)
        return batch

    with ThreadPoolExecutor(1) as reader:
        waiting: deque[Future[Batch]] = deque()
        try:
            for batch in _cut(found, stream):
                waiting.append(reader.submit(prepare, batch))
                if len(waiting) > 1:
                    yield waiting.popleft().result()
        except UNREADABLE:
            yield from (batch.result() for batch in waiting)
            raise
        yield from (batch.result() for batch in waiting)


def _understand(one: Found, batch: Batch, understand: Callable[[Found], Item | None]) -> None:
    try:
        item = understand(one)
    except ParseError as error:
        batch.failed[one.number] = str(error)
    except Exception as error:
        # A mistake of ours with one record: it is named, and the others come in.
        logger.exception("Record %d could not be understood", one.number)
        batch.failed[one.number] = f"It could not be understood ({type(error).__name__}); please report it."
    else:
        if item is not None:
            batch.items[one.number] = item


def _cut(found: Iterable[Found], stream: BinaryIO) -> Iterator[Batch]:
    some: list[Found] = []
    size = 0
    try:
        for one in found:
            some.append(one)
            size += len(one.data)
            if len(some) >= RECORDS or size >= BYTES:
                yield _looked_up(some, stream)
                some, size = [], 0
    except UNREADABLE:
        if some:
            yield _looked_up(some, stream)
        raise
    if some:
        yield _looked_up(some, stream)


def _looked_up(some: list[Found], stream: BinaryIO) -> Batch:
    sources = read_before([one.fingerprint for one in some if one.fingerprint])
    known = {one.number: sources[one.fingerprint] for one in some if one.fingerprint in sources}
    return Batch(some, stream.tell(), known)
