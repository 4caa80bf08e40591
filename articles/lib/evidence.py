"""How the evidence level of a claim follows from its study facts.

The scale is the Oxford Centre for Evidence-Based Medicine's "Levels of Evidence" of 2011, for questions on whether a
treatment helps or harms, with 0 added for a claim that offers no evidence. The rules are data, so that the database
column, the page "How we grade" and the tests all read the same table. The first rule that fits decides; none fits:
the level is not derivable.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from articles.lib.vocabulary import Basis, ClaimType, Design, QuoteRole, Subject

EFFECT_TYPES = (ClaimType.BENEFIT, ClaimType.HARM_OR_SAFETY, ClaimType.COMPARATIVE)


@dataclass(frozen=True)
class Rule:
    """A claim fits where each fact named here has one of the values given; an empty tuple asks nothing of that fact."""

    level: int
    meaning: str
    claim_types: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()

    def conditions(self) -> dict[str, tuple[str, ...]]:
        """The facts the rule asks for, by the name of the claim's field."""
        facts = {
            "claim_type": self.claim_types,
            "quote_role": self.roles,
            "design": self.designs,
            "subject": self.subjects,
            "basis": self.bases,
        }
        return {field: values for field, values in facts.items() if values}


RULES: tuple[Rule, ...] = (
    Rule(
        0,
        "Promotion or testimonial that names no study",
        claim_types=(*EFFECT_TYPES, ClaimType.MECHANISM),
        roles=(QuoteRole.PROMOTIONAL, QuoteRole.TESTIMONIAL),
        bases=(Basis.TESTIMONIAL, Basis.AUTHORITY, Basis.NONE),
    ),
    Rule(
        1,
        "Systematic review of randomised trials",
        claim_types=EFFECT_TYPES,
        roles=(QuoteRole.REVIEW_SYNTHESIS,),
        designs=(Design.SYSTEMATIC_REVIEW_RCT,),
    ),
    Rule(
        2,
        "Own result of a randomised trial in people",
        claim_types=EFFECT_TYPES,
        roles=(QuoteRole.OWN_RESULT,),
        designs=(Design.RANDOMISED_TRIAL,),
        subjects=(Subject.HUMAN,),
    ),
    Rule(
        3,
        "Own result of a controlled trial without randomisation, or of a cohort, in people",
        claim_types=EFFECT_TYPES,
        roles=(QuoteRole.OWN_RESULT,),
        designs=(Design.CONTROLLED_TRIAL, Design.COHORT),
        subjects=(Subject.HUMAN,),
    ),
    Rule(
        4,
        "Own result of a case series, case report, case-control or before-and-after study in people",
        claim_types=EFFECT_TYPES,
        roles=(QuoteRole.OWN_RESULT,),
        designs=(Design.CASE_SERIES, Design.CASE_REPORT, Design.CASE_CONTROL, Design.BEFORE_AFTER),
        subjects=(Subject.HUMAN,),
    ),
    Rule(
        5,
        "Result in animals or in the laboratory",
        claim_types=(*EFFECT_TYPES, ClaimType.MECHANISM),
        roles=(QuoteRole.OWN_RESULT,),
        subjects=(Subject.ANIMAL, Subject.IN_VITRO),
    ),
    Rule(
        5,
        "Systematic review of studies in animals or in the laboratory",
        claim_types=(*EFFECT_TYPES, ClaimType.MECHANISM),
        roles=(QuoteRole.REVIEW_SYNTHESIS,),
        designs=(Design.SYSTEMATIC_REVIEW,),
        subjects=(Subject.ANIMAL, Subject.IN_VITRO),
    ),
    Rule(
        5,
        "Result about a mechanism, not about an effect people can feel",
        claim_types=(ClaimType.MECHANISM,),
        roles=(QuoteRole.OWN_RESULT,),
    ),
)


FACTS = tuple(dict.fromkeys(field for rule in RULES for field in rule.conditions()))


def fitting_rule(facts: Mapping[str, str]) -> Rule | None:
    """The rule that decides for a claim's facts (field name to value), or None where the table does not say."""
    for rule in RULES:
        if all(facts.get(field, "") in values for field, values in rule.conditions().items()):
            return rule
    return None


def derive_level(facts: Mapping[str, str]) -> int | None:
    """The level for a claim's facts, or None where the table does not say."""
    rule = fitting_rule(facts)
    return rule.level if rule else None
