"""Loads the trees from their YAML files; loading again updates what changed and adds what is new."""

from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.models import User

from articles.actions import listings
from articles.actions.recording import recorded
from articles.models import Condition, Node, Outcome, Therapy

FILES: dict[str, type[Node]] = {"therapies.yaml": Therapy, "conditions.yaml": Condition, "outcomes.yaml": Outcome}
FIELDS = ("name", "description", "synonyms", "outside_ids")


def load(*, folder: Path) -> int:
    """Bring the trees to what the files say; nodes they do not name stay. Returns how many changed or came."""
    with recorded("load_vocabularies", None):
        changed = sum(
            _load_nodes(model, yaml.safe_load((folder / name).read_text("utf-8")), None)
            for name, model in FILES.items()
        )
        if changed:
            listings.refresh_all()
    return changed


def save_node(*, by: User, node: Node) -> Node:
    """Store a term of a tree. The lists follow: search and filters know terms by their names and places."""
    with recorded("edit_term" if node.pk else "add_term", by):
        node.save()
        listings.refresh_all()
    return node


def _load_nodes(model: type[Node], entries: list[dict[str, Any]], parent: Node | None) -> int:
    changed = 0
    for entry in entries:
        node, is_changed = _load_node(model, entry, parent)
        changed += is_changed + _load_nodes(model, entry.get("children", []), node)
    return changed


def _load_node(model: type[Node], entry: dict[str, Any], parent: Node | None) -> tuple[Node, bool]:
    node = model.objects.filter(slug=entry["slug"]).first() or model(slug=entry["slug"])
    wanted = {field: entry[field] for field in FIELDS if field in entry}
    wanted["parent_id"] = parent.pk if parent else None
    if node.pk and all(getattr(node, field) == value for field, value in wanted.items()):
        return node, False
    for field, value in wanted.items():
        setattr(node, field, value)
    node.full_clean()
    node.save()
    return node, True
