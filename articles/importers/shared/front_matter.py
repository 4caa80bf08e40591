"""The YAML at the head of a Markdown file, read as plain data with line numbers.

Stricter than YAML is: text, whole numbers, true, false, null, lists and mappings, and nothing else. Dates, versions and
words such as `no` stay the text they were written as; references inside the YAML and a key given twice are errors.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from articles.importers.record import ParseError

_LONGEST = 200_000
_DELIMITER = "---"
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_TAG = "tag:yaml.org,2002:"

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class FrontMatter:
    """The data, the text below it and the line on which that text begins."""

    data: Mapping[str, Any]
    body: str
    body_line: int
    places: Mapping[Path, int]

    def line(self, *path: str | int) -> int | None:
        """The line of the value at this path of keys and positions, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path)


def is_present(text: str) -> bool:
    """Whether the text begins with the line that opens a front matter."""
    return text.lstrip().split("\n", 1)[0].rstrip() == _DELIMITER


def split(text: str) -> FrontMatter:
    """The front matter of a text and what stands below it; raises `ParseError` with the line of the mistake."""
    lines = text.split("\n")
    extent = _extent(lines)
    if extent is None:
        what = "does not end" if is_present(text) else "is missing"
        raise ParseError(f"The front matter at the top {what}; it stands between two lines of three hyphens.", 1)
    first, last = extent
    places: dict[Path, int] = {}
    data = _read("\n".join(lines[first:last]), _Reader(first + 1, places))
    if not isinstance(data, dict):
        raise ParseError("The front matter must be names with values, such as `title: ...`.", first + 1)
    return FrontMatter(data, "\n".join(lines[last + 1 :]), last + 2, places)


def _extent(lines: list[str]) -> tuple[int, int] | None:
    """Indexes of the first line of YAML and of the closing delimiter."""
    opening = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[opening].rstrip() != _DELIMITER:
        return None
    closing = (number for number in range(opening + 1, len(lines)) if lines[number].rstrip() == _DELIMITER)
    last = next(closing, None)
    return None if last is None else (opening + 1, last)


def _read(head: str, reader: "_Reader") -> Any:
    if len(head) > _LONGEST:
        message = f"The front matter has {len(head)} characters; at most {_LONGEST} are read."
        raise ParseError(message, reader.first_line)
    try:
        node = _Loader(head).get_single_node()
        return {} if node is None else reader.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = reader.first_line + mark.line if mark else None
        raise ParseError(f"The front matter is not YAML: {error.problem or error.context}.", line) from error
    except yaml.reader.ReaderError as error:
        line = reader.first_line + head.count("\n", 0, error.position)
        raise ParseError("The front matter holds a character that YAML does not allow.", line) from error
    except RecursionError as error:
        raise ParseError("The front matter is nested too deeply.", reader.first_line) from error


class _Loader(yaml.SafeLoader):
    """Reads the structure only, and refuses references: a few lines of them can stand for gigabytes."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="references (*name) are not read", problem_mark=mark)
        return super().compose_node(parent, index)


_SCALARS: dict[str, tuple[re.Pattern[str], str, Callable[[str], Any]]] = {
    f"{_TAG}bool": (re.compile(r"(?:true|True|false|False)\Z"), "tTfF", lambda written: written.lower() == "true"),
    f"{_TAG}int": (re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z"), "-0123456789", int),
    f"{_TAG}null": (re.compile(r"(?:~|null|Null|)\Z"), "~nN", lambda written: None),
}
for _tag, (_pattern, _first_characters, _convert) in _SCALARS.items():
    _Loader.add_implicit_resolver(_tag, _pattern, [*_first_characters, ""])


class _Reader:
    """Turns nodes into plain data and notes the line of each value."""

    def __init__(self, first_line: int, places: dict[Path, int]) -> None:
        self.first_line = first_line
        self._places = places

    def value(self, node: yaml.Node, path: Path) -> Any:
        """The value of a node; raises `ParseError`."""
        self._places[path] = self._line(node)
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.value(item, (*path, position)) for position, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        raise ParseError(f"Values of the kind {node.tag} are not read.", self._line(node))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise ParseError("A name must be plain text.", self._line(key_node))
            key = str(self._scalar(key_node))
            if key in mapping:
                raise ParseError(f"{key!r} is given twice.", self._line(key_node))
            mapping[key] = self.value(value_node, (*path, key))
            self._places[*path, key] = self._line(key_node)
        return mapping

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        written = str(node.value)
        if _UNSTORABLE.search(written):
            raise ParseError("A value holds a NUL or another character that is none.", self._line(node))
        if node.tag == f"{_TAG}str":
            return written
        pattern, _first_characters, convert = _SCALARS.get(node.tag, (None, "", str))
        if pattern is None or not pattern.match(written):
            raise ParseError(f"{written[:60]!r} is not read as {node.tag}; put it in quotes.", self._line(node))
        return convert(written)

    def _line(self, node: yaml.Node) -> int:
        return self.first_line + int(node.start_mark.line)
