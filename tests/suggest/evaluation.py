"""How often suggested tags are right, measured on 200 real abstracts that were read and tagged by hand first.

`python -m tests.suggest.evaluation` prints the table; `--mistakes` names each tag that differs.

gold.json has, for each record (by the hash of its title and abstract), the most specific therapies and conditions it is
about, written down before the tagger was run on it. `either_way` are tags that a curator might keep or drop with equal
right (a broader term beside its narrower one, a drug among many that are named); they count neither as right nor as
wrong, and in the column "strict" as wrong. The first sample (half of it from records with words of the field, half from
all) also served to choose how many mentions make a tag; the second (60 and 40) was measured once, when the rules stood:
therapies 0.960 and 0.889, conditions 1.000 and 0.946. Two synonyms of the animal model were added after that.
"""

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.suggest.tags import Strength, Tagger
from tests.suggest.trees import terms

ABSTRACTS = Path(__file__).parents[3] / "shared" / "data" / "literature" / "real_abstracts.jsonl.gz"
GOLD = Path(__file__).with_name("gold.json")
TREES = {"therapies": "therapy", "conditions": "condition"}

Tags = set[tuple[str, str]]


@dataclass(frozen=True)
class Score:
    """How the tags of one tree did: how many were right, wrong, missed, and given where either would do."""

    right: int
    wrong: int
    missed: int
    either_way: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def strict_precision(self) -> float:
        return self.right / (self.right + self.wrong + self.either_way)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def records() -> Iterator[tuple[str, str, str]]:
    """Hash, title and abstract of each real record."""
    with gzip.open(ABSTRACTS, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            title, abstract = record["title"], record["abstract"] or ""
            yield hashlib.sha256(f"{title}\n{abstract}".encode()).hexdigest()[:16], title, abstract


def suggested(at_least: Strength = Strength.DISCUSSED) -> dict[str, Tags]:
    """The tags of the records in gold.json, by hash: pairs of tree and slug."""
    tagger = Tagger(terms())
    wanted = {name for sample in samples().values() for name in sample}
    return {
        name: {(each.tree, each.slug) for each in tagger.suggest(title=title, text=abstract, at_least=at_least)}
        for name, title, abstract in records()
        if name in wanted
    }


def samples() -> dict[str, dict[str, dict[str, list[str]]]]:
    """The tags given by hand: sample, hash, and for each tree the slugs."""
    gold: dict[str, Any] = json.loads(GOLD.read_text(encoding="utf-8"))
    return gold


def score(sample: str, tree: str, tags: dict[str, Tags]) -> Score:
    """How the tags of a tree ("therapies" or "conditions") agree with those given by hand."""
    right = wrong = missed = either_way = 0
    for name, gold in samples()[sample].items():
        given = {slug for of, slug in tags[name] if of == TREES[tree]}
        wanted, open_ones = set(gold[tree]), set(gold["either_way"])
        right += len(given & wanted)
        missed += len(wanted - given)
        wrong += len(given - wanted - open_ones)
        either_way += len((given & open_ones) - wanted)
    return Score(right, wrong, missed, either_way)


def table(at_least: Strength) -> Iterator[str]:
    """One line for each sample and tree."""
    tags = suggested(at_least)
    yield f"{'sample':8}{'tree':12}{'right':>6}{'wrong':>6}{'missed':>7}{'precision':>11}{'recall':>8}{'strict':>8}"
    for sample in samples():
        for tree in TREES:
            it = score(sample, tree, tags)
            numbers = f"{it.right:6}{it.wrong:6}{it.missed:7}{it.precision:11.3f}{it.recall:8.3f}"
            yield f"{sample:8}{tree:12}{numbers}{it.strict_precision:8.3f}"


def mistakes() -> Iterator[str]:
    """Each record whose tags differ from those given by hand."""
    tags = suggested()
    titles = {name: title for name, title, _abstract in records()}
    for sample, golds in samples().items():
        for name, gold in golds.items():
            wanted = {(TREES[tree], slug) for tree in TREES for slug in gold[tree]}
            wrong = {slug for _tree, slug in tags[name] - wanted} - set(gold["either_way"])
            missed = {slug for _tree, slug in wanted - tags[name]}
            if wrong or missed:
                yield f"{sample}: wrong {sorted(wrong)}, missed {sorted(missed)}: {titles[name][:80]}"


if __name__ == "__main__":
    for level in Strength:
        print(f"\nat least {level.name}", *table(level), sep="\n")
    if "--mistakes" in sys.argv:
        print("", *mistakes(), sep="\n")
