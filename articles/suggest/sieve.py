"""Where in a text a form may begin, seen quickly: most words of any text begin none, and need no closer look."""

from collections.abc import Iterable, Iterator

from articles.suggest import words


class Sieve:
    """Lets through each stretch of a text in which a form begins, and a few others.

    It reads the text roughly, cut at each blank, and there two stretches at a time: the first two words of a form as a
    rule. `forms` are the keys of each form.
    """

    def __init__(self, forms: Iterable[tuple[str, ...]]) -> None:
        self._seconds: dict[str, set[str]] = {}
        self._alone: set[str] = set()
        for first, *later in forms:
            spellings = words.rough_spellings(first)
            for spelling in spellings:
                self._seconds.setdefault(spelling, set()).update(*map(words.rough_spellings, later[:1]))
            if not later:
                self._alone |= spellings
        self._mixed = words.Remembered(self._has_first)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each stretch in which a form may begin, from left to right."""
        stretches = words.rough(text).split(" ")
        start = before = 0
        for at in self._begin(stretches):
            start += len(" ".join(stretches[before:at])) + (at > before)
            before = at
            yield start, start + len(stretches[at])

    def _begin(self, stretches: list[str]) -> list[int]:
        """Which of the stretches may begin a form."""
        seconds, mixed = self._seconds, self._mixed
        may = [at for at, it in enumerate(stretches) if (it in seconds if it.isalpha() else mixed[it])]
        return [at for at in may if self._goes_on(*stretches[at : at + 2])]

    def _has_first(self, mixed: str) -> bool:
        """Whether a stretch of more than letters may have the first word of a form."""
        # An "s" behind an apostrophe may have been a capital: then it is a word of its own.
        found = words.split(mixed.replace("'", " "))
        return words.UNCLEAR in mixed or not self._seconds.keys().isdisjoint(found)

    def _goes_on(self, first: str, second: str = "") -> bool:
        """Whether the first stretch is a form, or the second goes on with it; what is no plain word may do so."""
        are_words = first.isalpha() and second.isalpha()
        return not are_words or first in self._alone or second in self._seconds[first]
