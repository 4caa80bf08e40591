"""Badges and the page that defines them keep each other's word."""

import re

import pytest
from django.test import Client

from articles.lib import vocabulary as vocab
from articles.templatetags.badges import GROUPS, SYMBOLS, badge
from articles.views.how_we_grade import DEFINED

BADGES = [(group, term.value) for group, (_, terms) in GROUPS.items() for term in terms]


def test_a_badge_uses_the_vocabulary_that_the_page_defines() -> None:
    defined = {group: terms for group, _, terms in DEFINED}
    assert {group: terms for group, (_, terms) in GROUPS.items()}.items() <= defined.items()


def test_every_badge_leads_to_a_definition(client: Client) -> None:
    page = client.get("/how-we-grade/").content.decode()
    anchors = set(re.findall(r'id="([^"]+)"', page))
    led_to = {re.search(r"#([^\"]+)\"", badge(group, value))[1] for group, value in [*BADGES, ("level", "blank")]}
    assert led_to <= anchors


@pytest.mark.parametrize("effect", vocab.Effect)
def test_no_effect_is_told_by_colour_alone(effect: vocab.Effect) -> None:
    assert SYMBOLS[effect.value] in badge("effect", effect.value)
    assert effect.label in badge("effect", effect.value)


def test_a_blank_value_has_no_badge_but_a_blank_level_says_so() -> None:
    assert badge("design", "") == ""
    assert "not derivable" in badge("level", "blank")
