"""Suggested tags on real abstracts: precision and recall do not fall below what was once measured."""

import pytest

from articles.suggest.tags import Strength
from tests.suggest import evaluation

pytestmark = pytest.mark.skipif(
    not evaluation.ABSTRACTS.is_file(), reason="the file ../shared/data/literature/real_abstracts.jsonl.gz is absent"
)


@pytest.fixture(scope="module")
def tags() -> dict[str, evaluation.Tags]:
    return evaluation.suggested()


def test_every_record_of_the_samples_is_there(tags: dict[str, evaluation.Tags]) -> None:
    assert [len(sample) for sample in evaluation.samples().values()] == [100, 100]
    assert set(tags) == {name for sample in evaluation.samples().values() for name in sample}


@pytest.mark.parametrize(
    ("sample", "tree", "precision", "recall"),
    [
        ("first", "therapies", 0.94, 0.94),
        ("first", "conditions", 0.95, 0.86),
        ("second", "therapies", 0.92, 0.85),
        ("second", "conditions", 0.95, 0.91),
    ],
)
def test_precision_and_recall(
    tags: dict[str, evaluation.Tags], sample: str, tree: str, precision: float, recall: float
) -> None:
    score = evaluation.score(sample, tree, tags)
    assert score.precision >= precision, "\n".join(evaluation.mistakes())
    assert score.recall >= recall, "\n".join(evaluation.mistakes())


def test_the_cut_is_where_precision_and_recall_are_both_high(tags: dict[str, evaluation.Tags]) -> None:
    every = evaluation.suggested(Strength.PASSING)
    subjects = evaluation.suggested(Strength.SUBJECT)
    for tree in evaluation.TREES:
        chosen = evaluation.score("second", tree, tags)
        assert chosen.precision > evaluation.score("second", tree, every).precision
        assert chosen.recall > evaluation.score("second", tree, subjects).recall
