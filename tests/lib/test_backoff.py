"""Waiting longer after each failure."""

import pytest

from articles.lib import backoff
from articles.lib.backoff import Backoff


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(backoff, "time", clock)
    return clock


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_success(clock: Clock) -> None:
    pause = Backoff(first=1, longest=5)
    assert [pause.lengthen() for _ in range(5)] == [1, 2, 4, 5, 5]
    pause.reset()
    assert pause.lengthen() == 1


def test_it_is_over_when_its_time_has_passed_or_it_was_forgotten(clock: Clock) -> None:
    pause = Backoff(first=2)
    assert pause.is_over
    pause.lengthen()
    clock.now += 1.9
    assert not pause.is_over
    clock.now += 0.2
    assert pause.is_over
    pause.lengthen()
    pause.reset()
    assert pause.is_over
