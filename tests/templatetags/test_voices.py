"""The voice shown beside a source is the one the lists count it under."""

import pytest

from articles.lib import vocabulary as vocab
from articles.models import Source
from articles.queries.voices import VOICES
from articles.templatetags.voices import GAPS, NAMES, PARAMETERS, voice


@pytest.mark.django_db
def test_pages_and_lists_agree_on_who_speaks() -> None:
    for kind in vocab.Kind:
        for interest in vocab.PublisherInterest:
            facts = {"kind": kind.value, "interest": interest.value}
            counted = [name for name, condition in VOICES.items() if condition.check(facts)]
            assert counted == [voice(Source(kind=kind.value, publisher_interest=interest.value))], facts


def test_every_voice_has_its_words_and_its_list() -> None:
    assert set(NAMES) == set(GAPS) == set(PARAMETERS) == set(VOICES)
