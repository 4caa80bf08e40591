"""The terms of the vocabularies, as the tagger takes them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from articles.suggest.tags import Term

VOCABULARIES = Path(__file__).parents[2] / "fixtures" / "vocabularies"
FILES = {"therapy": "therapies.yaml", "condition": "conditions.yaml"}


def terms() -> list[Term]:
    """Every therapy and condition that the project ships."""
    return [
        term
        for tree, name in FILES.items()
        for term in _terms(tree, yaml.safe_load((VOCABULARIES / name).read_text("utf-8")), "")
    ]


def _terms(tree: str, nodes: list[dict[str, Any]], parent: str) -> Iterator[Term]:
    for node in nodes:
        mesh_ids = tuple(node.get("outside_ids", {}).get("mesh", "").split())
        yield Term(tree, node["slug"], node["name"], tuple(node.get("synonyms", ())), mesh_ids, parent)
        yield from _terms(tree, node.get("children", []), node["slug"])
