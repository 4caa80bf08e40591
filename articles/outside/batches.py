"""Asking for many things at once, so that one bad thing among them does not cost the others."""

from collections.abc import Callable, Iterator, Sequence

from articles.outside.client import Answer
from articles.outside.errors import FetchError, Refused, TooLarge

# Bad request, content too large, address too long: what was asked for is at fault, or there is too much of it.
_ABOUT_THE_REQUEST = (400, 413, 414)


def ask(
    ids: Sequence[str], question: Callable[[Sequence[str]], Answer]
) -> Iterator[tuple[Sequence[str], Answer | FetchError]]:
    """The answers, each with the ids it was for; a batch that is refused or too large is asked for in halves."""
    try:
        yield ids, question(ids)
    except FetchError as error:
        if len(ids) == 1 or not _may_do_in_halves(error):
            yield ids, error
            return
        middle = len(ids) // 2
        yield from ask(ids[:middle], question)
        yield from ask(ids[middle:], question)


def _may_do_in_halves(error: FetchError) -> bool:
    return isinstance(error, TooLarge) or (isinstance(error, Refused) and error.status in _ABOUT_THE_REQUEST)
