"""Promises and their evidence in words."""

from django import template

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
    counted = [
        _counted(side.studies, "study", "studies"),
        _counted(side.reviews, "review", "reviews"),
        _counted(side.others, "other statement", "other statements"),
    ]
    words = " and ".join(part for part in counted if part)
    return f"{words} (in {side.sources} papers)" if side.sources > side.speakers else words


def _counted(n: int, one: str, several: str) -> str:
    return f"{n} {one if n == 1 else several}" if n else ""
