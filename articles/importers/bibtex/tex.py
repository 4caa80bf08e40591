"""TeX as it stands in BibTeX files, as plain text: accents, symbols, markup, raised and lowered figures.

The names of the symbols are those of pylatexenc. Its own conversion is not used: it drops raised and lowered figures,
fails on some commands and on deep nesting, and takes seconds for what a hostile file may hold.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from pylatexenc.latex2text import get_default_latex_context_db

from articles.importers.record import ParseError
from articles.importers.shared import raised

DEEPEST = 100

_IS_TEX = re.compile(r"[\\{}$~^_`]|--|''")
_MATH = re.compile(r"(?<!\\)\$(?!\s)((?:[^$\\]|\\.){1,2000}?)(?<!\s)\$(?!\d)", re.DOTALL)
# Some programs double every backslash: no line ends before a letter with its accent.
_DOUBLED = re.compile(r"\\\\(?=[\"'`^~=]\{?\\{0,2}[A-Za-z]|(?:i|j|o|O|l|L|ss|ae|AE|oe|OE|aa|AA)[}\s])")
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]+)(?P<gap>\s*)|\\(?P<sign>.)|(?P<open>\{)|(?P<close>\})|(?P<script>[\^_](?=\{)|[\^_])"
    r"|(?P<other>~|-{2,3}|``?|'')|(?P<text>[^\\{}^_~`'-]+|.)",
    re.DOTALL,
)
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_SCRIPTS = {"textsuperscript": "sup", "textsubscript": "sub", "sp": "sup", "sb": "sub", "^": "sup", "_": "sub"}
# Commands with two arguments: what keeps the first from running into the second.
_FIRST_OF_TWO = {"href": "{} ", "frac": "{}/", "tfrac": "{}/", "nicefrac": "{}/"}
_SIGNS = dict.fromkeys("\\ ,;:\n\t", " ") | dict.fromkeys("/-!@*()[]", "")
_OTHERS = {"~": " ", "--": "\u2013", "---": "\u2014", "``": '"', "''": '"', "`": "'"}
_SYMBOLS = {
    "epsilon": "ε", "phi": "φ", "ne": "≠", "textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_",
    "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "euro": "€", "degree": "°", "eth": "ð", "thorn": "þ",
    "textquotedbl": '"', "slash": "/", "TeX": "TeX", "LaTeX": "LaTeX", "textperiodcentered": "·", "space": " ",
}  # fmt: skip
_SWITCHES = frozenset(
    {
        "bf",
        "it",
        "em",
        "rm",
        "sc",
        "sf",
        "sl",
        "tt",
        "bfseries",
        "itshape",
        "scshape",
        "upshape",
        "mdseries",
        "rmfamily",
        "relax",
        "noopsort",
    }
)
_MOST_WAITING = 4
# What is longer stands for a picture, a citation or a list, or is a pattern.
_LONGEST_SYMBOL = 1


def plain(tex: str) -> str:
    """The text as it would be printed. Raises `ParseError` where braces are nested more than 100 deep.

    A command that is not known leaves its arguments; by itself it stays as it is written.
    """
    if not _IS_TEX.search(tex):
        return tex
    reader = _Reader()
    for token in _TOKEN.finditer(_MATH.sub(r"\\(\1\\)", _DOUBLED.sub(r"\\", tex))):
        reader.take(token)
    return reader.end()


class _Reader:
    """Gathers the text; commands that change what follows them wait for it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._waiting: list[Callable[[str], str]] = []
        self._open: list[tuple[int, list[Callable[[str], str]]]] = []
        self._is_math = False

    def take(self, token: re.Match[str]) -> None:
        """Reads the next token."""
        taken: dict[str, Callable[[re.Match[str]], None]] = {
            "gap": self._word,
            "sign": self._sign,
            "open": self._begin,
            "close": self._close,
            "script": self._script,
            "other": lambda other: self._emit(_OTHERS[other["other"]]),
            "text": self._text,
        }
        taken[token.lastgroup or "text"](token)

    def end(self) -> str:
        """All of the text."""
        self._emit("")
        return raised.printed("".join(self._pieces))

    def _emit(self, text: str) -> None:
        for change in reversed(self._waiting):
            text = change(text)
        self._waiting = []
        self._pieces.append(text)

    def _wait(self, change: Callable[[str], str]) -> None:
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.append(change)

    def _text(self, token: re.Match[str]) -> None:
        text = token["text"].lstrip() if self._waiting else token["text"]
        if self._waiting and text:
            self._emit(text[0])
            text = text[1:]
        self._pieces.append(text)

    def _word(self, token: re.Match[str]) -> None:
        name = token["word"]
        if name in _ACCENTS:
            self._wait(partial(_accented, name))
        elif name in _SCRIPTS:
            self._wait(partial(raised.mark, script=_SCRIPTS[name]))
        elif name in _FIRST_OF_TWO:
            self._wait(_FIRST_OF_TWO[name].format)
        elif (symbol := _symbol(name)) is not None:
            self._emit(symbol + (token["gap"] if self._is_math else ""))
        elif name not in _SWITCHES and token.string[token.end() : token.end() + 1] != "{":
            self._emit(f"\\{name}{token['gap']}")

    def _sign(self, token: re.Match[str]) -> None:
        sign = token["sign"]
        if sign in "()":
            self._is_math = sign == "("
        if sign in _ACCENTS:
            self._wait(partial(_accented, sign))
        else:
            self._emit(_SIGNS.get(sign, sign))

    def _script(self, token: re.Match[str]) -> None:
        is_before_group = token.string[token.end() : token.end() + 1] == "{"
        if self._is_math or is_before_group:
            self._wait(partial(raised.mark, script=_SCRIPTS[token["script"]]))
        else:
            self._emit(token["script"])

    def _begin(self, _token: re.Match[str]) -> None:
        if len(self._open) >= DEEPEST:
            raise ParseError(f"Braces are nested more than {DEEPEST} deep, which no honest record needs.")
        self._open.append((len(self._pieces), self._waiting))
        self._waiting = []

    def _close(self, _token: re.Match[str]) -> None:
        if self._waiting:
            self._emit("")
        if not self._open:
            return
        start, waiting = self._open.pop()
        if waiting:
            text = "".join(self._pieces[start:])
            del self._pieces[start:]
            self._waiting = waiting
            self._emit(text)


def _accented(accent: str, text: str) -> str:
    if not text:
        return accent if accent in "`'^~=.\"" else ""
    base = {"ı": "i", "ȷ": "j"}.get(text[0], text[0])
    return f"{base}{_ACCENTS[accent]}{text[1:]}"


@lru_cache(maxsize=1)
def _names() -> Any:
    return get_default_latex_context_db()


@lru_cache(maxsize=4096)
def _symbol(name: str) -> str | None:
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    written = getattr(_names().get_macro_spec(name), "simplify_repl", None)
    return written if isinstance(written, str) and len(written) <= _LONGEST_SYMBOL else None
