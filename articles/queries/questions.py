"""One question: a therapy, a condition or any, and an outcome, what stands below them included."""

from dataclasses import dataclass

from articles.models import Node
from articles.queries.trees import Trees

# Stands in an address for every condition; no node of a tree has this slug.
ANY = "any"


@dataclass(frozen=True)
class Question:
    """What is asked; `condition` is None for any condition."""

    therapy: Node
    condition: Node | None
    outcome: Node

    @classmethod
    def named(cls, therapy: str, condition: str, outcome: str, trees: Trees) -> "Question":
        """The question with these slugs. Raises KeyError where a tree does not hold one."""
        nodes = trees.condition.by_slug
        asked = None if condition == ANY else nodes[condition]
        return cls(trees.therapy.by_slug[therapy], asked, trees.outcome.by_slug[outcome])

    @property
    def slugs(self) -> tuple[str, str, str]:
        """Therapy, condition and outcome as they stand in the address."""
        return self.therapy.slug, self.condition.slug if self.condition else ANY, self.outcome.slug

    @property
    def parts(self) -> dict[str, Node]:
        """The nodes by the name of their tree, as the list of claims takes them."""
        parts = {"therapy": self.therapy, "condition": self.condition, "outcome": self.outcome}
        return {name: node for name, node in parts.items() if node is not None}

    @property
    def in_words(self) -> str:
        """Such as “Exosomes for multiple sclerosis: walking”."""
        condition = lowered(self.condition.name) if self.condition else "any condition"
        return f"{self.therapy.name} for {condition}: {lowered(self.outcome.name)}"


def lowered(name: str) -> str:
    """The name as it stands within a sentence; what starts with several capitals keeps them."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
