"""Answers in JSON, read with suspicion: any part of them may be missing or of another type."""

import json
from typing import Any

from articles.outside.client import Answer
from articles.outside.errors import Refused, Unreachable

TYPES = ("application/json",)


def content(answer: Answer) -> dict[str, Any]:
    """The object that the answer is. Raises `Unreachable` where it is not whole, so that it is asked for again, and
    `Refused` where it tells of an error."""
    try:
        found = json.loads(answer.data)
    except (ValueError, RecursionError) as error:
        raise Unreachable(f"{answer.final_address} sent JSON that cannot be read, or not all of it.") from error
    if not isinstance(found, dict):
        raise Refused(f"{answer.final_address} sent JSON of another form than it should.")
    if isinstance(said := found.get("error"), str):
        if "rate limit" in said.lower():
            raise Unreachable(f"{answer.final_address} cannot answer now: {said[:200]}.")
        raise Refused(f"{answer.final_address} says: {said[:200]}")
    return found


def part(answer: Answer, kind: type, *path: str) -> Any:
    """What stands at the path of names, of this type. Raises like `content`, and `Refused` where it is not there."""
    found: Any = content(answer)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, kind):
        raise Refused(f"{answer.final_address} sent an answer without {'.'.join(path)}.")
    return found
