"""Promises and their evidence as pages show them."""

import re

import pytest
from django.test import Client

from articles.models import Node, Publisher, Therapy
from tests import factories

pytestmark = pytest.mark.django_db
PATHS = ("/publishers/clinic/", "/therapies/stem-cells/", "/conditions/multiple-sclerosis/")


def text(client: Client, path: str) -> str:
    content = client.get(path).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def promised() -> tuple[Node, Node]:
    """A clinic promises something of stem cells; gives cells, and stem cells below them."""
    cells = factories.node(Therapy, "cells")
    stem = factories.node(Therapy, "stem-cells", cells)
    page = factories.source(kind="clinic_page", publisher=Publisher.objects.create(name="Clinic", slug="clinic"))
    factories.claim(page, therapies=[stem], quote_role="promotional", basis="none", design="", subject="none")
    return cells, stem


def test_what_is_broader_is_marked_and_so_is_a_standing_that_rests_on_nothing_else(client: Client) -> None:
    cells, stem = promised()
    factories.claim(therapies=[cells])
    for path in PATHS:
        assert "Supported by something broader only" in text(client, path)
        assert "On Cells (broader) · Multiple sclerosis · Relapse" in text(client, path)
    factories.claim(therapies=[stem])
    for path in PATHS:
        assert "Supported by something broader only" not in text(client, path)
        assert "On Stem cells · Multiple sclerosis · Relapse" in text(client, path)


def test_no_difference_from_an_active_treatment_is_no_contradiction_and_the_rule_says_so(client: Client) -> None:
    _, stem = promised()
    factories.claim(therapies=[stem], effect="no_difference", comparator="active")
    for path in PATHS:
        content = client.get(path).content.decode()
        assert 'href="/how-we-grade/#evidence_match-inconclusive"' in content
        assert "In people, neither: 1 study" in text(client, path)
    for path in (*PATHS, "/how-we-grade/"):
        assert "No difference from an active treatment or from another dose or route" in text(client, path)
        assert "with another therapy beside it, the result may be due to that one" in text(client, path)
