"""The evidence map as a picture for slides and prints: SVG of plain shapes and texts, light in every theme.

Only presentation attributes and common fonts, so that every viewer and slide program draws the same.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPE = "image/svg+xml"
WIDTH, MARGIN = 1600, 48
ROW_NAMES = 262
ROW, LANE, BAR = 82, 37, 17
LEAST_HEIGHT = 900
SANS = "'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
SERIF = "'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, 'Noto Serif', 'Liberation Serif', serif"
INK, SOFT, LINE, PAPER = "#18262d", "#4b5b63", "#d3dbde", "#ffffff"
VOICES = {"literature": ("#2f4da0", "#edf1fc"), "seller": ("#8b2d70", "#faeef6")}
# Ink and ground of each effect, never green against red; the sign says the same without colour.
EFFECTS = {
    "beneficial": ("#0a6654", "#cde9e1"),
    "no_difference": ("#3c4c56", "#dbe3e7"),
    "harmful": ("#95380f", "#f8d9c6"),
    "mixed": ("#6b4d00", "#f3e3b4"),
    "unclear": ("#55508a", "#e0def5"),
    "not_stated": ("#56636b", "#eceff0"),
    "none_observed": ("#1b5d7d", "#cfe6f1"),
}
# How wide a letter is on average, as a part of the type size: enough to break lines without measuring.
LETTER, WIDE_LETTER = 0.53, 0.75
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Part:
    """One effect in a bar: its value in the vocabulary, its sign, and how many state it."""

    effect: str
    sign: str
    count: int


@dataclass(frozen=True)
class Lane:
    """What one voice says in a cell: words above the bar, the first aside that has room beside them, the bar."""

    words: str
    asides: Sequence[str] = ()
    parts: Sequence[Part] = ()
    is_finding: bool = False


@dataclass(frozen=True)
class Glyph:
    """A cell with claims; `name` says all of it in words."""

    name: str
    literature: Lane
    seller: Lane


@dataclass(frozen=True)
class Picture:
    """All that stands in the picture; `rows` are (how far indented, name); no glyph where nothing was found."""

    title: str
    subtitle: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, str]]
    glyphs: Sequence[Sequence[Glyph | None]]
    key: Sequence[Part] = ()
    key_labels: Sequence[str] = ()
    notes: Sequence[str] = field(default_factory=tuple)


def blocks(picture: Picture) -> Iterator[str]:
    """The file in pieces."""
    top = 208
    lines = [line for note in picture.notes for line in _wrapped(note, WIDTH - 2 * MARGIN, 15, 4)]
    bottom = top + ROW * max(len(picture.rows), 1) + 34
    height = max(bottom + 22 * len(lines) + 24, LEAST_HEIGHT)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-labelledby="title" font-family={quoteattr(SANS)} fill="{INK}">\n'
    )
    yield f'<title id="title">{_clean(picture.title)}. {_clean(picture.subtitle)}</title>\n{HATCH}'
    yield _box(0, 0, WIDTH, height, PAPER)
    yield from _top(picture)
    yield from _column_names(picture, top)
    for place, (depth, name) in enumerate(picture.rows):
        yield from _row(picture, place, depth, name, top + ROW * place)
    for place, line in enumerate(lines):
        yield _text(MARGIN, height - 24 - 22 * (len(lines) - 1 - place), line, 15, SOFT)
    yield "</svg>\n"


HATCH = (
    '<defs><pattern id="gap" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="9" height="9" fill="{PAPER}"/><rect width="2" height="9" fill="#e6ebed"/></pattern></defs>\n'
)


def _top(picture: Picture) -> Iterator[str]:
    yield _text(MARGIN, 66, picture.title, 38, INK, f'font-family={quoteattr(SERIF)} font-weight="700"')
    for place, line in enumerate(_wrapped(picture.subtitle, WIDTH - 2 * MARGIN, 18, 1)):
        yield _text(MARGIN, 96 + 22 * place, line, 18, SOFT)
    x: float = MARGIN
    for part, label in zip(picture.key, picture.key_labels, strict=True):
        ink, ground = EFFECTS[part.effect]
        yield _box(x, 112, 22, BAR, ground) + _text(x + 11, 125.5, part.sign, 13, ink, CENTRED)
        yield _text(x + 28, 126, label, 15, SOFT)
        x += 52 + len(label) * 15 * LETTER
    yield _box(x, 112, 22, BAR, "url(#gap)", LINE) + _text(x + 28, 126, "none found", 15, SOFT)


CENTRED = 'text-anchor="middle" font-weight="700"'


def _column_width(picture: Picture) -> float:
    return (WIDTH - 2 * MARGIN - ROW_NAMES) / max(len(picture.columns), 1)


def _column_names(picture: Picture, top: int) -> Iterator[str]:
    width = _column_width(picture)
    for place, name in enumerate(picture.columns):
        lines = _wrapped(name, width - 14, 15, 3)
        x = MARGIN + ROW_NAMES + width * place + 8
        for at, line in enumerate(lines):
            yield _text(x, top - 10 - 18 * (len(lines) - 1 - at), line, 15, INK, 'font-weight="600"', name)
    yield _box(MARGIN, top - 2, WIDTH - 2 * MARGIN, 2, INK)


def _row(picture: Picture, place: int, depth: int, name: str, y: int) -> Iterator[str]:
    width, indent = _column_width(picture), min(depth, 4) * 20
    size, weight = (17, "700") if not depth else (15, "400")
    for at, line in enumerate(_wrapped(name, ROW_NAMES - indent - 14, size, 3)):
        yield _text(MARGIN + indent, y + 24 + 20 * at, line, size, INK, f'font-weight="{weight}"', name)
    for at, glyph in enumerate(picture.glyphs[place]):
        x = MARGIN + ROW_NAMES + width * at
        if glyph is None:
            yield _box(x + 2, y + 3, width - 4, ROW - 6, "url(#gap)")
        else:
            yield f"<g><title>{_clean(glyph.name)}</title>"
            yield _lane("literature", glyph.literature, x + 2, y + 3, width - 4)
            yield _lane("seller", glyph.seller, x + 2, y + 4 + LANE, width - 4)
            yield "</g>\n"
    yield _box(MARGIN, y + ROW - 1, WIDTH - 2 * MARGIN, 1, LINE)


def _lane(voice: str, lane: Lane, x: float, y: float, width: float) -> str:
    ink, ground = VOICES[voice]
    if lane.is_finding:
        lines = _wrapped(lane.words, width - 10, 14, 2)
        finding = (
            _text(x + 6, y + 15 + 16 * at, line, 14, VOICES["seller"][0], 'font-weight="700"')
            for at, line in enumerate(lines)
        )
        return _box(x, y, width, LANE, VOICES["seller"][1]) + "".join(finding)
    if not lane.parts:
        return _text(x + 6, y + 15, lane.words, 13, SOFT)
    words = _text(x + 6, y + 14, lane.words, 13.5, ink, 'font-weight="600"')
    room = int(width / (13 * LETTER)) - len(lane.words) - 2
    fitting = next((aside for aside in lane.asides if len(aside) <= room), "")
    aside = _text(x + width - 5, y + 14, fitting, 13, SOFT, 'text-anchor="end"')
    return _box(x, y, width, LANE, ground) + words + aside + "".join(_bar(lane.parts, x + 5, y + 18, width - 10))


def _bar(parts: Sequence[Part], x: float, y: float, width: float) -> Iterator[str]:
    """The parts in proportion, but none too narrow for its sign and number."""
    least = min(28.0, width / len(parts))
    free, total = width - least * len(parts), sum(part.count for part in parts)
    for part in parts:
        ink, ground = EFFECTS[part.effect]
        wide = least + free * part.count / total
        said = f"{part.sign}{part.count}"
        size = min(13, wide / (len(said) * 0.66))
        yield _box(x, y, wide, BAR - 1, ground, PAPER)
        yield _text(x + wide / 2, y + 13, said, size, ink, CENTRED)
        x += wide


def _wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    letters = max(int(width / (size * _letter(text))), 4)
    return textwrap.wrap(_shown(text), letters, max_lines=most, placeholder=" …", break_on_hyphens=False)


def _letter(text: str) -> float:
    """The width of a letter of this text: capitals are wide."""
    capitals = sum(letter.isupper() for letter in text) / max(len(text), 1)
    return LETTER + (WIDE_LETTER - LETTER) * capitals


def _text(x: float, y: float, text: str, size: float, ink: str, more: str = "", title: str = "") -> str:
    if not text:
        return ""
    told = f"<title>{_clean(title)}</title>" if title else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.4g}" fill="{ink}" {more}>{told}{_clean(text)}</text>\n'


def _box(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{fill}" stroke="{stroke}"/>\n'


def _shown(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def _clean(text: str) -> str:
    return escape(_shown(text))
