"""Who speaks, on a page: sellers, the literature, or somebody else."""

from urllib.parse import urlencode

from django import template
from django.utils.safestring import SafeString

from articles.lib import vocabulary as vocab
from articles.models import Source
from articles.queries.voices import LITERATURE_KINDS

register = template.Library()

SELLS = vocab.PublisherInterest.SELLS_THERAPY
OTHER_KINDS = tuple(kind for kind in vocab.Kind if kind not in (*LITERATURE_KINDS, vocab.Kind.CLINIC_PAGE))
NAMES = {"seller": "Sellers", "literature": "Literature", "other": "Other sources"}
GAPS = {
    "seller": "No claims found from sellers.",
    "literature": "No claims found in the literature.",
    "other": "No claims found from others.",
}
PARAMETERS = {
    "seller": [("interest", SELLS.value)],
    "literature": [*(("kind", kind.value) for kind in LITERATURE_KINDS), ("not_interest", SELLS.value)],
    "other": [*(("kind", kind.value) for kind in OTHER_KINDS), ("not_interest", SELLS.value)],
}


def of_voice(voice: str) -> dict[str, tuple[str, ...]]:
    """The parameters of the list of claims that leave this voice only."""
    listed: dict[str, tuple[str, ...]] = {}
    for name, value in PARAMETERS[voice]:
        listed[name] = (*listed.get(name, ()), value)
    return listed


@register.filter
def voice(source: Source) -> str:
    """seller, literature or other, as `queries.voices` sorts the rows of the lists."""
    if source.publisher_interest == SELLS:
        return "seller"
    return "literature" if source.kind in LITERATURE_KINDS else "other"


@register.filter
def voice_name(voice: str) -> str:
    """Sellers, Literature, Other sources."""
    return NAMES[voice]


@register.filter
def voice_gap(voice: str) -> str:
    """What to print where this voice says nothing."""
    return GAPS[voice]


@register.simple_tag
def voice_query(voice: str) -> SafeString:
    """The parameters of the list of claims that leave this voice only, ready for an address in HTML."""
    return SafeString(urlencode(PARAMETERS[voice]).replace("&", "&amp;"))
