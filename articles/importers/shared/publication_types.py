"""What PubMed's publication types say about a document: its kind, and the design of its study."""

import re
from collections.abc import Sequence

from articles.lib.vocabulary import Design, Kind

# The first type found decides: a guideline that is also a review is a guideline.
_KINDS: tuple[tuple[Kind, frozenset[str]], ...] = (
    (Kind.GUIDELINE, frozenset({"guideline", "practice guideline"})),
    (
        Kind.REVIEW,
        frozenset(
            {
                "review",
                "systematic review",
                "scoping review",
                "meta-analysis",
                "network meta-analysis",
                "review, academic",
                "review, multicase",
                "review of reported cases",
                "review, tutorial",
            }
        ),
    ),
    (Kind.NEWS, frozenset({"news", "newspaper article"})),
    (Kind.OTHER, frozenset({"published erratum", "retraction of publication", "retraction notice"})),
)
# Below any of those: what PubMed calls a paper, a study or an opinion.
_PAPERS = frozenset({"journal article", "editorial", "letter", "comment", "case reports", "preprint"})
_STUDY = re.compile(r"\b(?:trial|stud(?:y|ies))\b")

# The first type found decides: the plan of a randomised trial has no results yet, a letter may report a trial.
_DESIGNS: tuple[tuple[Design, frozenset[str]], ...] = (
    (Design.PROTOCOL, frozenset({"clinical trial protocol"})),
    (Design.SYSTEMATIC_REVIEW, frozenset({"systematic review", "meta-analysis", "network meta-analysis"})),
    (Design.ANIMAL_EXPERIMENT, frozenset({"clinical trial, veterinary", "randomized controlled trial, veterinary"})),
    (Design.RANDOMISED_TRIAL, frozenset({"randomized controlled trial"})),
    (Design.CONTROLLED_TRIAL, frozenset({"controlled clinical trial"})),
    (Design.CASE_REPORT, frozenset({"case reports"})),
    (Design.LABORATORY, frozenset({"in vitro"})),
    (Design.OPINION, frozenset({"editorial", "letter", "comment"})),
)


def kind_and_design(types: Sequence[str]) -> tuple[str, str]:
    """Values of `vocabulary.Kind` and `vocabulary.Design` as the publication types tell them; blank where unclear.

    "Review" alone gives no design: it may have searched by a stated method or not. "Clinical Trial" gives none either.
    """
    given = {name.strip().lower() for name in types}
    kind = next((kind.value for kind, names in _KINDS if names & given), "")
    design = next((design.value for design, names in _DESIGNS if names & given), "")
    return kind or (Kind.ABSTRACT.value if any(map(_is_paper, given)) else ""), design


def _is_paper(name: str) -> bool:
    return name in _PAPERS or _STUDY.search(name) is not None
