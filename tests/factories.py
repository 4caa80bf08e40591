"""Records for tests: valid unless a test says otherwise, each field free to set."""

import hashlib
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from articles.actions import listings
from articles.models import Claim, ClaimTherapy, Condition, Outcome, Source, SourceVersion, Therapy
from articles.models.trees import Node

numbers = count(1)
TEXT = "Results\n\nFewer relapses were seen after treatment. Two patients had an infection."


def user(name: str, **fields: Any) -> User:
    found, _ = User.objects.get_or_create(username=name, defaults=fields)
    return found


def node(model: type[Node], slug: str, parent: Node | None = None, **fields: Any) -> Node:
    name = fields.pop("name", slug.replace("-", " ").capitalize())
    found, _ = model.objects.get_or_create(slug=slug, defaults={"name": name, "parent": parent, **fields})
    return found


def source(text: str = TEXT, **fields: Any) -> Source:
    """A source with one version of this text."""
    given = {"title": f"Source {next(numbers)}", "kind": "abstract", "text_basis": "abstract", "year": 2020, **fields}
    if given["kind"] == "clinic_page":
        given["publisher_interest"] = "sells_therapy"
    made = Source.objects.create(**given)
    made.current_version = version(made, text)
    made.save()
    return made


def version(of: Source, text: str = TEXT, **fields: Any) -> SourceVersion:
    last = of.versions.order_by("-number").first()
    return SourceVersion.objects.create(
        source=of,
        number=last.number + 1 if last else 1,
        text=text,
        text_basis=of.text_basis,
        structure={"blocks": [["paragraph", 0, 0, len(text)]], "links": []},
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        normaliser_version="1",
        origin_format=fields.pop("origin_format", "test"),
        fetched_at=timezone.now(),
        **fields,
    )


def claim(of: Source | None = None, quote: str = "Fewer relapses were seen", **fields: Any) -> Claim:
    """An accepted claim; `therapies` takes nodes. Its listing row is written unless `listed` is False."""
    of = of or source()
    therapies = fields.pop("therapies", None) or [node(Therapy, "exosomes")]
    is_listed = fields.pop("listed", True)
    text_version = of.current_version
    assert text_version is not None
    start = text_version.text.index(quote)
    given = {
        "statement": "The source reports fewer relapses.",
        "claim_type": "benefit",
        "quote_role": "own_result",
        "condition": fields.pop("condition", None) or node(Condition, "multiple-sclerosis"),
        "outcome": fields.pop("outcome", None) or node(Outcome, "relapse"),
        "effect": "beneficial",
        "wording": "definite",
        "basis": "own_data",
        "design": "randomised_trial",
        "subject": "human",
        "status": "accepted",
        "submitted_by": user("writer"),
        **(
            {"accepted_by": user("reader"), "accepted_at": timezone.now()}
            if fields.get("status", "accepted") in ("accepted", "retired")
            else {}
        ),
        **fields,
    }
    made = Claim.objects.create(
        source=of, version=text_version, quote=quote, start=start, end=start + len(quote), **given
    )
    ClaimTherapy.objects.bulk_create(
        ClaimTherapy(claim=made, therapy=therapy, position=i) for i, therapy in enumerate(therapies, start=1)
    )
    if is_listed:
        listings.refresh([of.pk])
    return made
