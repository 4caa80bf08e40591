"""The vocabularies: every value can be shown and explained."""

import re

import pytest

from articles.lib.vocabulary import VOCABULARIES, Effect, EvidenceLevel, Kind, Term


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.__name__)
def test_every_value_has_a_label_and_a_definition(vocabulary: type[Term]):
    for term in vocabulary:
        assert re.fullmatch(r"[a-z][a-z_]*|[0-5]", term.value)
        assert term.label[0].isupper() or term.label[0].isdigit()
        assert term.definition.endswith(".")
    assert len({label for _value, label in vocabulary.choices()}) == len(vocabulary.values())


def test_every_vocabulary_is_listed_and_says_what_it_is():
    assert set(VOCABULARIES) == set(Term.__subclasses__())
    assert all(vocabulary.__doc__ for vocabulary in VOCABULARIES)


def test_terms_are_their_values():
    assert Kind("clinic_page") is Kind.CLINIC_PAGE
    assert Kind.CLINIC_PAGE == "clinic_page"
    assert f"{Effect.NONE_OBSERVED}" == "none_observed"
    assert EvidenceLevel.values() == ("1", "2", "3", "4", "5", "0")
