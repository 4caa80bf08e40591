"""A record, what is held, and what a curator wrote: which of them stands in the end."""

import random
from typing import Any

import pytest

from articles.actions import facts
from articles.models import Reading

VALUES = ("A", "B", "C")


def reading(number: int, standing: int, values: facts.Values) -> Reading:
    return Reading(pk=number, standing=standing, values=values)


class Field:
    """One field, told slowly: what imports alone would have made of it, and what stands there."""

    def __init__(self) -> None:
        self.imported: Any = None
        self.standing = 0
        self.held: Any = None

    def read(self, said: Any, standing: int) -> None:
        if said is None:
            return
        if standing >= self.standing:
            if self.held == self.imported:
                self.held = said
            self.imported, self.standing = said, standing

    def edit(self, value: Any) -> None:
        self.held = value


@pytest.mark.parametrize("seed", range(40))
def test_what_stands_is_what_the_slow_rule_says(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        slow, held = Field(), dict[str, Any]()
        readings: list[Reading] = []
        for number in range(1, 9):
            if chance.random() < 0.3:
                value = chance.choice((*VALUES, None))
                slow.edit(value)
                held = {"volume": value} if value else {}
            else:
                said, standing = chance.choice((*VALUES, None)), chance.choice((1, 2, 3))
                slow.read(said, standing)
                values = {"volume": said} if said else {}
                held = held | facts.news(held, values, standing, readings)
                readings.append(reading(number, standing, values))
            assert held.get("volume") == slow.held


def test_a_blank_overwrites_nothing() -> None:
    assert facts.news({"volume": "1"}, {}, 3, [reading(1, 1, {"volume": "1"})]) == {}


def test_what_a_curator_emptied_stays_empty_whatever_comes() -> None:
    earlier = [reading(1, 1, {"volume": "1"}), reading(2, 1, {"volume": "2"})]
    for said in "123":
        assert facts.news({}, {"volume": said}, 3, earlier) == {}


def test_an_earlier_value_that_a_curator_put_back_stays() -> None:
    earlier = [reading(1, 1, {"volume": "1"}), reading(2, 1, {"volume": "2"})]
    assert facts.news({"volume": "1"}, {"volume": "3"}, 1, earlier) == {}


def test_lists_are_compared_as_wholes() -> None:
    earlier = [reading(1, 1, {"keywords": ["a", "b"]})]
    assert facts.news({"keywords": ["b", "a"]}, {"keywords": ["c"]}, 1, earlier) == {}
    assert facts.news({"keywords": ["a", "b"]}, {"keywords": ["c"]}, 1, earlier) == {"keywords": ["c"]}
