"""Highlights: search matches, and the quotes of claims in the text of their source."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.lib.highlight import MarkedBlock, Run
from articles.models import Claim
from articles.queries.search import START, STOP

register = template.Library()

_PAIR = re.compile(f"{START}([^{START}{STOP}]*){STOP}")
_LONE = re.compile(f"[{START}{STOP}]")
_WEB = ("http://", "https://")
# The page's own headings are levels 1 and 2; those of the text go below them.
_HEADINGS = {2: "h3", 3: "h4", 4: "h5"}


@register.filter
def marked(text: str) -> SafeString:
    """The text with its search matches in <mark>. Everything is escaped, even where it was declared safe."""
    # Splitting at the pairs leaves plain text at even places and matches at odd ones.
    pieces = enumerate(_PAIR.split(str(text)))
    return format_html_join(
        "", "{}", ((_match(piece) if place % 2 else _LONE.sub("", piece),) for place, piece in pieces)
    )


def _match(piece: str) -> SafeString:
    return format_html("<mark>{}</mark>", piece)


@dataclass(frozen=True)
class Spans:
    """Where each quote begins and ends in a document: (block, run) by key, and the number its claim is shown with."""

    first: Mapping[str, tuple[int, int]]
    last: Mapping[str, tuple[int, int]]
    numbers: Mapping[str, int]


@register.simple_tag
def source_text(blocks: Sequence[MarkedBlock], claims: Sequence[Claim]) -> SafeString:
    """The text with the quote of each claim in <mark data-claim>, followed by the number of the claim in the list."""
    spans = _spans(blocks, claims)
    pieces: list[SafeString] = []
    items: list[tuple[int, SafeString]] = []
    for place, block in enumerate(blocks):
        inner = _inner(place, block.runs, spans)
        if block.kind == "list_item":
            items.append((block.level, inner))
            continue
        pieces += [*_lists(items), _tagged(block, inner)]
        items = []
    return _joined([*pieces, *_lists(items)])


def _spans(blocks: Sequence[MarkedBlock], claims: Sequence[Claim]) -> Spans:
    places = [(key, (b, r)) for b, block in enumerate(blocks) for r, run in enumerate(block.runs) for key in run.marks]
    numbers = {claim.public_id: number for number, claim in enumerate(claims, start=1)}
    return Spans(dict(reversed(places)), dict(places), numbers)


def _tagged(block: MarkedBlock, inner: SafeString) -> SafeString:
    if block.kind == "heading":
        tag = _HEADINGS.get(block.level, "h5")
        return format_html("<{}>{}</{}>\n", tag, inner, tag)
    if block.kind == "quote":
        return format_html("<blockquote><p>{}</p></blockquote>\n", inner)
    return format_html("<p>{}</p>\n", inner)


def _lists(items: Sequence[tuple[int, SafeString]]) -> Iterator[SafeString]:
    """The items as one list; deeper ones as a list inside the item before them."""
    if not items:
        return
    level = items[0][0]
    yield SafeString("<ul>")
    place = 0
    while place < len(items):
        below = place + 1
        while below < len(items) and items[below][0] > level:
            below += 1
        yield format_html("<li>{}{}</li>", items[place][1], _joined(list(_lists(items[place + 1 : below]))))
        place = below
    yield SafeString("</ul>\n")


def _inner(block: int, runs: Sequence[Run], spans: Spans) -> SafeString:
    """The runs with marks nested where quotes overlap; a mark that another one cuts goes on after the cut."""
    order = _nesting(runs)
    pieces: list[SafeString] = []
    open_keys: list[str] = []
    for place, run in enumerate(runs):
        wanted = sorted(run.marks, key=order.__getitem__)
        kept = _common(open_keys, wanted)
        pieces += [SafeString("</mark>")] * (len(open_keys) - kept)
        pieces += [_opening(key, (block, place), spans) for key in wanted[kept:]]
        pieces.append(_linked(run))
        pieces += [_number(key, spans) for key in wanted if spans.last[key] == (block, place)]
        open_keys = wanted
    return _joined([*pieces, *[SafeString("</mark>")] * len(open_keys)])


def _nesting(runs: Sequence[Run]) -> dict[str, tuple[int, int, str]]:
    """What begins first goes outside; of two that begin together, the longer one."""
    places: dict[str, list[int]] = {}
    for place, run in enumerate(runs):
        for key in run.marks:
            places.setdefault(key, []).append(place)
    return {key: (found[0], -len(found), key) for key, found in places.items()}


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))


def _opening(key: str, place: tuple[int, int], spans: Spans) -> SafeString:
    if spans.first[key] == place:
        return format_html('<mark data-claim="{}" id="q-{}">', key, key)
    return format_html('<mark data-claim="{}">', key)


def _linked(run: Run) -> SafeString:
    if run.href.startswith(_WEB):
        return format_html('<a href="{}" rel="nofollow noopener external">{}</a>', run.href, run.text)
    return format_html("{}", run.text)


def _number(key: str, spans: Spans) -> SafeString:
    number = spans.numbers.get(key)
    if number is None:
        return SafeString("")
    return format_html(
        '<sup class="claim-number"><a href="#claim-{}" aria-label="Claim {}, {}">{}</a></sup>', key, number, key, number
    )


def _joined(pieces: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))
