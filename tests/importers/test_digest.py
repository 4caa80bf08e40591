"""Demonstration digests: each mistake is refused with the claim, the field and the line."""

from pathlib import Path

import pytest

from articles import importers
from articles.importers.record import ParseError, Record

SAMPLE = (Path(__file__).parents[1] / "samples" / "digest" / "two-claims.txt").read_text(encoding="utf-8")


def read(text: str) -> Record:
    (record,) = importers.read(text.encode(), format="digest")
    return record


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("kind: review", "kind: blog", r"kind: 'blog' is not allowed; the values are abstract"),
        ("kind: review\n", "", "kind: is missing"),
        ("kind: review", "knid: review", "knid: there is no such field"),
        ("independent", "nobody", "publisher_interest"),
        ('"2021 Spring"', '"2021-02-30"', "date: There is no such date"),
        ("pmid: 123456", "pmid: twelve", "pmid"),
        ("pmid: 123456", "pubmed: 1", "pubmed: there is no such field"),
        ("is_medline: true", "is_medline: maybe", "is_medline: expected true or false"),
        ("relation: same_trial", "relation: same", "study_group, relation"),
        ("study_group: {name: SAMPLE, relation: same_trial}", "study_group: SAMPLE", "study_group: expected names"),
        ("publication_types: [Review]", "publication_types: Review", "publication_types: expected a list"),
        ('basis_of_digest: "A sample"\n', "", "basis_of_digest: is missing"),
        ("effect: beneficial", "effect: good", r"claim 1, effect: 'good' is not allowed"),
        ("effect: beneficial", "effect: none_observed", "claim 1, effect: none_observed"),
        ("disclosures: [limited_evidence]", "disclosures: [honest]", "claim 1, disclosures: 'honest'"),
        ("n: 40", "n: forty", "claim 1, n: expected a whole number"),
        ("n: 40", "n: -4", "claim 1, n: expected a whole number"),
        ("n: 40", "m: 40", "claim 1, m: there is no such field"),
        ("evidence_level: 3", "evidence_level: 6", "claim 1, evidence_level"),
        (
            '    evidence_level_reason: "The randomisation failed."\n',
            "",
            "claim 1, evidence_level: a level set by hand",
        ),
        ("therapies: [sample-cells, other-cells]", "therapies: []", "claim 1, therapies: is missing"),
        ("therapies: [sample-cells, other-cells]", "therapies: [a, a]", "claim 1, therapies: a therapy is given twice"),
        (
            '"No harm was seen."\n    statement',
            '"Some harm was seen."\n    statement',
            "claim 2, quote: .*Nearest: 'No harm",
        ),
        ('"No harm was seen."\n    statement', '"a"\n    statement', "claim 2, quote: .*times"),
        ("claims:\n", "claims:\n  - quote\n", "claim 1: expected names with values"),
    ],
)
def test_mistake_is_named_with_its_place(before: str, after: str, message: str):
    assert before in SAMPLE
    with pytest.raises(ParseError, match=message) as raised:
        read(SAMPLE.replace(before, after))
    assert raised.value.line


def test_error_of_a_claim_names_its_line():
    with pytest.raises(ParseError) as raised:
        read(SAMPLE.replace("effect: none_observed", "effect: nothing"))
    assert raised.value.line == SAMPLE.split("\n").index("    effect: none_observed") + 1


def test_not_reported_is_not_blank():
    first, second = read(SAMPLE).claims
    assert (first.follow_up, first.not_reported) == ("", ("follow_up",))
    assert (second.n, second.not_reported) == (None, ("n",))
    assert second.follow_up == ""


def test_quote_stands_at_its_anchor():
    record = read(SAMPLE)
    for claim in record.claims:
        assert record.document.text[claim.anchor.start : claim.anchor.end] == claim.quote


def test_source_without_claims_is_allowed():
    head, _claims = SAMPLE.split("claims:\n")
    assert read(f"{head}---\nText.\n").claims == ()


DEMO = sorted((Path(__file__).parents[2] / "fixtures" / "demo").glob("*.md"))


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_every_demonstration_source_can_be_read(path: Path):
    (record,) = importers.read(path.read_bytes())
    assert record.format == "digest"
    assert record.claims
