"""Promises and their evidence in words."""

from django import template

from articles.lib.question_words import counted
from articles.queries.matching import Side, Stance

register = template.Library()

STANCES = {
    Stance.AGREES: "In people, the same direction",
    Stance.CONTRARY: "In people, the contrary",
    Stance.NEITHER: "In people, neither",
    Stance.PRECLINICAL: "In animals, the laboratory or by mechanism",
}


@register.filter
def stance_label(side: Side) -> str:
    """What the results of one side state about the promise."""
    return STANCES[side.stance]


@register.filter
def in_order(sides: dict[Stance, Side]) -> list[Side]:
    """The sides that there are: same direction, contrary, neither, preclinical."""
    return [sides[stance] for stance in Stance if stance in sides]


@register.filter
def who_reports(side: Side) -> str:
    """Such as "2 studies and 1 review (in 4 papers)"; papers only where they are more than those who speak in them."""
    reporting = [
        (side.studies, "study", "studies"),
        (side.reviews, "review", "reviews"),
        (side.others, "other statement", "other statements"),
    ]
    words = " and ".join(counted(n, one, more) for n, one, more in reporting if n)
    return f"{words} (in {side.sources} papers)" if side.sources > side.speakers else words
