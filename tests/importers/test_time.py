"""A file of twice the size takes about twice the time, or is refused: no shape of a file keeps a reader busy."""

import io
import time
from contextlib import suppress

import pytest

from articles import importers
from articles.importers.record import ParseError

MARKDOWN = "---\ntitle: Alpha\n---\n\n"
SENTENCE = "This sentence is long enough to be taken for what a page has to say to its readers. "
# By name: the format, what the file begins with, what comes again and again, and the size of the smaller file.
SHAPES = {
    "one paragraph of many lines": ("pubmed-text", "J Name. 2012 Oct 22;13(10):137-25.\n\nAlpha\n\n", "ab\n", 60_000),
    "quotes": ("markdown-page", MARKDOWN, '"', 15_000),
    "quotes in a link": ("markdown-page", f"{MARKDOWN}[a](b ", '"', 15_000),
    "backslashes": ("markdown-page", MARKDOWN, "\\", 15_000),
    "too many backslashes": ("markdown-page", MARKDOWN, "\\", 80_000),
    "escaped signs": ("markdown-page", MARKDOWN, "\\*", 30_000),
    "items without an end": ("csl-json", "[", '{"title": "A",\n', 300_000),
    "objects without an end": ("csl-json", "[", "{\n", 300_000),
    "lists without an end": ("csl-json", "[", '{"title": [\n', 300_000),
    "texts without an end": ("csl-json", "[", '{"title": "A\n', 300_000),
    "sentences": ("web-page", "<html><body>", f"<p>{SENTENCE}</p>", 400_000),
    "line breaks": ("web-page", "<html><body>", "x<br>", 100_000),
    "questions": ("web-page", "<html><body>", f"<h2>Why?</h2><p>{SENTENCE}</p>", 200_000),
    "rows": ("web-page", "<html><body>", "<table><tr><td>a<td>b</table>", 200_000),
}
# Shorter ones are lost in the noise of a busy machine.
LEAST_SECONDS = 0.5


def seconds(data: bytes, name: str) -> float:
    """Of the processor, to read a file to its end."""
    started = time.process_time()
    with suppress(ParseError):
        for found in importers.scan(io.BytesIO(data), format=name):
            with suppress(ParseError):
                found.read()
    return time.process_time() - started


@pytest.mark.parametrize(("name", "head", "unit", "size"), SHAPES.values(), ids=SHAPES)
def test_twice_the_size_takes_about_twice_the_time(name: str, head: str, unit: str, size: int):
    small, large = ((head + unit * (times * size // len(unit))).encode() for times in (1, 2))
    # Whoever shares the processor's caches slows one of the two; a reader that is too slow is so every time.
    assert any(seconds(large, name) < 3 * max(seconds(small, name), LEAST_SECONDS) for _ in range(3))
