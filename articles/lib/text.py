"""Reading bytes as text, repairing it, and the one normalisation that texts and quotes share."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from ftfy import fix_encoding

NORMALISER_VERSION = "1"
"""Stored beside every normalised text; raise it whenever `normalise` gives another result for any text."""

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, soft hyphens, zero-width and direction marks, lone surrogates: nobody sees them, quotes must not need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# Three substitutions are several times faster than one `translate` of a long text.
_PLAIN_CHARACTERS = (
    (re.compile("[\u2018\u2019\u201a\u201b\u02bc]"), "'"),
    (re.compile("[\u201c\u201d\u201e\u201f]"), '"'),
    (re.compile("[\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]"), "-"),
)
_SPACES = re.compile(r"[^\S\n]+")
_SPACED_LINE_END = re.compile(" ?\n ?")
_BLANK_LINES = re.compile("\n{3,}")

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
)
_BINARY_CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_WORDS = re.compile(r"\S+|\s+")
_LONGEST_COMPARED_LINE = 2_000
# Where words repeat, the time of the comparison grows with the cube of their number.
_MOST_COMPARED_WORDS = 100
_MOST_NOTES = 200


class UnreadableText(ValueError):
    """The bytes are not text. `position` is the offending byte (from 0), `line` its line (from 1) where known."""

    def __init__(self, message: str, position: int, line: int | None = None) -> None:
        super().__init__(message)
        self.position = position
        self.line = line


def normalise(text: str) -> str:
    """The text in the one form in which texts are stored and quotes are looked for.

    NFC; line ends are `\\n`; runs of white space become one space, none at the ends of lines; at most one blank
    line; curly quotes become straight ones and every dash or minus `-`; soft hyphens, zero-width characters and
    other invisible marks go. Letters, Greek ones too, stay as they are. Normalising twice changes nothing.
    """
    text = _INVISIBLE.sub("", unify_line_ends(text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        for written, plain in _PLAIN_CHARACTERS:
            text = written.sub(plain, text)
    text = _SPACED_LINE_END.sub("\n", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip(" \n")


def unify_line_ends(text: str) -> str:
    """The text with `\\n` for every kind of line end."""
    return _LINE_ENDS.sub("\n", text)


def lines(text: str) -> list[str]:
    """Each line of the text, normalised by itself; blank lines stay as empty strings, so that numbers still count."""
    return [normalise(line) for line in unify_line_ends(text).split("\n")]


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text of a file, and notes in plain English on what was done to read it.

    UTF-8 with or without a byte order mark, and UTF-16 with one. Raises `UnreadableText` for anything else.
    """
    _refuse_signatures(data)
    mark, encoding = next(((m, e) for m, e in _BYTE_ORDER_MARKS if data.startswith(m)), (b"", "utf-8"))
    text = _decode_strictly(data[len(mark) :], encoding, offset=len(mark))
    _refuse_binary(text, encoding, offset=len(mark))
    return text, [] if encoding == "utf-8" else ["The file was in UTF-16 and was converted."]


def _refuse_signatures(data: bytes) -> None:
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableText(f"This is {name}, not a text file. Save its text as UTF-8 and try again.", 0, 1)


def _decode_strictly(data: bytes, encoding: str, offset: int) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        position = offset + error.start
        line = data.count(b"\n", 0, error.start) + 1
        name = "UTF-8" if encoding == "utf-8" else "UTF-16"
        raise UnreadableText(
            f"The text is not {name}: line {line}, byte {position} cannot be read. Save the file as UTF-8.",
            position,
            line,
        ) from error


def _refuse_binary(text: str, encoding: str, offset: int) -> None:
    place = text.find("\0")
    if place < 0:
        controls = _BINARY_CONTROLS.search(text)
        place = controls.start() if controls else -1
    if place < 0:
        return
    position = offset + len(text[:place].encode(encoding))
    line = text.count("\n", 0, place) + 1
    raise UnreadableText(
        f"This is not a text file: line {line}, byte {position} is the control character {ord(text[place])}.",
        position,
        line,
    )


def repair(text: str) -> tuple[str, list[str]]:
    """The text with wrongly decoded characters put right, and one note for each repair.

    Only mistakes of encoding are repaired (such as a UTF-8 apostrophe read as Windows-1252); a note names the line,
    what stood there and what stands there now.
    """
    repaired: list[str] = []
    notes: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        fixed = line if line.isascii() else fix_encoding(line)
        repaired.append(fixed)
        if fixed != line:
            # Beyond the notes that are kept, lines are only counted, not compared.
            changes = _changes(line, fixed) if len(notes) < _MOST_NOTES else [("", "")]
            notes += [_repair_note(number, before, after) for before, after in changes]
    if len(notes) > _MOST_NOTES:
        notes[_MOST_NOTES:] = [f"And {len(notes) - _MOST_NOTES} more repairs of the same sort."]
    return "\n".join(repaired), notes


def _repair_note(line: int, before: str, after: str) -> str:
    return f"Line {line}: {before!r} was wrongly encoded; it now reads {after!r}."


def _changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The words that differ; a very long line is not compared word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(before) > _LONGEST_COMPARED_LINE or (len(old) != len(new) and len(old) > _MOST_COMPARED_WORDS):
        yield f"{before[:60]}...", f"{after[:60]}..."
    elif len(old) == len(new):
        yield from ((one, other) for one, other in zip(old, new, strict=True) if one != other)
    else:
        yield from _replaced(old, new)


def _replaced(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield "".join(old[i1:i2]), "".join(new[j1:j2])
