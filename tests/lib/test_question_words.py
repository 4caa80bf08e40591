"""The sentences of a question: fixed by the counts, singular and plural right, conflicts by rule."""

import pytest

from articles.lib.question_words import (
    MAY_NOT_HOLD,
    NO_HARM_CLAIM,
    NO_SELLER,
    NOT_KNOWN_IN_PEOPLE,
    NOTHING_IN_LITERATURE,
    NOTHING_IN_PEOPLE,
    ONLY_RETRACTED,
    ONLY_RETRACTED_SELLERS,
    WHICH_IS_BETTER,
    Bar,
    Bars,
    Count,
    Sentence,
    conflicts,
    counted,
    enumerated,
    harms,
    summary,
)
from articles.lib.vocabulary import Effect

WITHOUT_LEVEL = (
    "of it in words to which no level of evidence can be given, such as background, a plan, "
    "or a result of a study that is not described."
)
GOOD, NONE, BAD, SAFE = Effect.BENEFICIAL, Effect.NO_DIFFERENCE, Effect.HARMFUL, Effect.NONE_OBSERVED
NOBODY = Bars("other")


def bars(voice: str, everything: dict[str, int] | None = None, **effects: dict[str, int]) -> Bars:
    """Speakers by level for each effect; together they are `everything`, or the sum where nobody states two effects.

    With `everything` one speaker states all the effects, and the others none of them.
    """
    made = {Effect(effect): Bar(sum(levels.values()), levels, levels) for effect, levels in effects.items()}
    total = everything or {}
    if everything is None:
        for bar in made.values():
            total = {level: total.get(level, 0) + bar.by_level.get(level, 0) for level in {*total, *bar.by_level}}
    in_people = {frozenset({effect.value}): bar.people for effect, bar in made.items() if bar.people}
    if everything is not None:
        in_people = {frozenset(effect.value for effect in made): 1}
    return Bars(voice, made, Bar(sum(total.values()), total, total, in_people))


def besides(telling: Bars, voice: str = "literature", **against: dict[str, int]) -> Bars:
    """Telling results, and others against another treatment, by speakers who state nothing else."""
    rivals = bars(voice, **against)
    effects = {
        effect: _together(telling.of(effect), rivals.of(effect)) for effect in {*telling.effects, *rivals.effects}
    }
    return Bars(voice, effects, _together(telling.all, rivals.all), telling)


def _together(one: Bar, other: Bar) -> Bar:
    levels = {
        level: one.by_level.get(level, 0) + other.by_level.get(level, 0) for level in {*one.by_level, *other.by_level}
    }
    return Bar(one.claims + other.claims, levels, levels, one.in_people)


def text(sentence: Sentence) -> str:
    return "".join(part if isinstance(part, str) else part.words for part in sentence)


def texts(sentences: list[Sentence]) -> list[str]:
    return [text(sentence) for sentence in sentences]


def test_one_and_several() -> None:
    assert counted(1, "study", "studies") == "1 study"
    assert counted(0, "study", "studies") == "0 studies"
    assert enumerated([("a",), ("b",), ("c",)]) == ("a", ", ", "b", " and ", "c")


def test_what_is_not_known_is_said() -> None:
    assert texts(summary(Bars("literature"), Bars("seller"), NOBODY)) == [NOTHING_IN_LITERATURE, NO_SELLER]
    retracted = Bars("literature", {GOOD: Bar(2)}, Bar(2))
    assert texts(summary(retracted, Bars("seller"), NOBODY))[0] == ONLY_RETRACTED


def test_what_was_taken_back_is_not_called_nothing() -> None:
    literature, sellers = Bars("literature", {NONE: Bar(2)}, Bar(2)), bars("seller", beneficial={"0": 3})
    assert texts(conflicts(literature, sellers)) == [
        "The only papers that speak of it are retracted or withdrawn; 3 sellers promise a benefit."
    ]
    withdrawn = Bars("seller", {GOOD: Bar(1)}, Bar(1))
    assert texts(summary(Bars("literature"), withdrawn, NOBODY))[1] == ONLY_RETRACTED_SELLERS


def test_studies_in_people_animals_and_papers_without_a_level() -> None:
    literature = bars("literature", beneficial={"2": 2, "5": 1}, no_difference={"3": 1}, unclear={"": 1})
    assert texts(summary(literature, Bars("seller"), NOBODY))[:3] == [
        "3 studies in people were found: 2 report a benefit and 1 reports no difference.",
        f"1 study in animals, in the laboratory or on a mechanism was found: 1 reports a benefit. {MAY_NOT_HOLD}",
        f"1 independent source speaks {WITHOUT_LEVEL}",
    ]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"1": 1}, "1 review of randomised trials was found: 1 reports harm."),
        ({"1": 1, "4": 1}, "2 studies in people or reviews of trials were found: 2 report harm."),
        ({"4": 1}, "1 study in people was found: 1 reports harm."),
        ({"5": 3}, f"{NOTHING_IN_PEOPLE} {NOT_KNOWN_IN_PEOPLE}"),
        # A result in people of a study that is not described has no level: then more is not said.
        ({"5": 3, "": 1}, NOTHING_IN_PEOPLE),
    ],
)
def test_results_in_people_are_called_what_they_are(levels: dict[str, int], expected: str) -> None:
    assert texts(summary(bars("literature", harmful=levels), Bars("seller"), NOBODY))[0] == expected


def test_sellers_and_others_speak_for_themselves() -> None:
    sellers = bars("seller", beneficial={"0": 2, "": 1}, harmful={"": 1})
    others = bars("other", beneficial={"": 1})
    said = texts(summary(Bars("literature"), sellers, others))
    assert said[1:] == [
        "4 sellers speak of it: 3 promise a benefit and 1 speaks of harm. 2 sellers offer no evidence for it.",
        "1 other source speaks of it: 1 speaks of a benefit.",
    ]


def test_literature_that_offers_no_evidence_is_said() -> None:
    for n, expected in (
        (1, "1 independent source speaks of it and offers no evidence."),
        (2, "2 independent sources speak of it and offer no evidence."),
    ):
        sentence = summary(bars("literature", beneficial={"0": n}), Bars("seller"), NOBODY)[1]
        assert text(sentence) == expected
        assert sentence[0] == Count(expected.split(" speak")[0], "literature", {"level": ("0",)})


@pytest.mark.parametrize(
    ("telling", "against", "expected"),
    [
        ({}, {"no_difference": {"2": 1}}, "1 study in people was found: 1 reports no difference ({})."),
        ({}, {"no_difference": {"2": 2}}, "2 studies in people were found: 2 report no difference (all of them {})."),
        (
            {"beneficial": {"4": 1}, "no_difference": {"2": 2}},
            {"no_difference": {"2": 1}},
            "4 studies in people were found: 1 reports a benefit and 3 report no difference (1 of them {}).",
        ),
    ],
)
def test_results_against_another_treatment_are_called_so(
    telling: dict[str, dict[str, int]], against: dict[str, dict[str, int]], expected: str
) -> None:
    said = texts(summary(besides(bars("literature", **telling), **against), Bars("seller"), NOBODY))
    assert said[:2] == [expected.format("against another treatment"), WHICH_IS_BETTER]


def test_results_in_animals_against_another_treatment_are_called_so() -> None:
    said = texts(summary(besides(Bars("literature"), no_difference={"5": 1}), Bars("seller"), NOBODY))
    assert "was found: 1 reports no difference (against another treatment)." in said[1]
    assert said[2] == WHICH_IS_BETTER


def test_nothing_is_said_of_comparisons_that_nobody_made() -> None:
    assert WHICH_IS_BETTER not in texts(summary(bars("literature", beneficial={"2": 1}), Bars("seller"), NOBODY))


def test_the_number_against_another_treatment_leads_to_the_claims_on_the_page() -> None:
    literature = besides(bars("literature", no_difference={"2": 1}), no_difference={"2": 1})
    sentence = summary(literature, Bars("seller"), NOBODY)[0]
    assert Count("1 of them", anchor="literature-no_difference") in sentence


def test_a_number_knows_what_it_counts() -> None:
    literature = bars("literature", beneficial={"2": 2})
    found, _, by_effect, *_ = summary(literature, Bars("seller"), NOBODY)[0]
    assert found == Count("2 studies in people", "literature", {"level": ("1", "2", "3", "4")})
    assert by_effect == Count("2", "literature", {"effect": (GOOD,), "level": ("1", "2", "3", "4")})


def test_results_in_people_that_differ() -> None:
    literature = bars("literature", beneficial={"4": 1}, no_difference={"2": 2, "3": 1}, harmful={"5": 1})
    assert texts(conflicts(literature, Bars("seller"))) == [
        "Results in people differ: 1 case series or before-and-after study reports a benefit; "
        "2 randomised trials and 1 controlled or cohort study report no difference."
    ]


def test_three_results_in_people_that_differ() -> None:
    literature = bars("literature", beneficial={"2": 1}, no_difference={"2": 1}, harmful={"2": 1})
    assert texts(conflicts(literature, Bars("seller"))) == [
        "Results in people differ: 1 randomised trial reports a benefit; 1 randomised trial reports no difference; "
        "1 randomised trial reports harm."
    ]


def test_one_study_does_not_disagree_with_itself() -> None:
    for everything in ({"2": 1}, {"2": 2}):
        literature = bars("literature", everything, beneficial={"2": 1}, no_difference={"2": 1})
        assert conflicts(literature, Bars("seller")) == []


@pytest.mark.parametrize(
    ("literature", "expected"),
    [
        ({"no_difference": {"2": 2}}, ["2 randomised trials report no difference; 3 sellers promise a benefit."]),
        (
            {"no_difference": {"2": 1}, "harmful": {"1": 1}},
            [
                "1 randomised trial reports no difference; 3 sellers promise a benefit.",
                "1 review of randomised trials reports harm; 3 sellers promise a benefit.",
            ],
        ),
        ({"beneficial": {"4": 1}}, []),
        (
            {"unclear": {"4": 1}},
            ["1 study in people does not state a clear benefit; 3 sellers promise a benefit."],
        ),
        (
            {"beneficial": {"5": 1}},
            [
                "The only graded results are from animals, the laboratory or a mechanism (1 study); "
                "3 sellers promise a benefit."
            ],
        ),
        (
            {"beneficial": {"": 2}},
            [
                "The literature held here has no graded result on it (2 independent sources mention it); "
                "3 sellers promise a benefit."
            ],
        ),
        ({}, ["Nothing in the literature held here speaks of it; 3 sellers promise a benefit."]),
    ],
)
def test_a_promise_beside_the_evidence(literature: dict[str, dict[str, int]], expected: list[str]) -> None:
    assert texts(conflicts(bars("literature", **literature), bars("seller", beneficial={"0": 3}))) == expected


PROMISED = bars("seller", beneficial={"0": 3})


@pytest.mark.parametrize(
    ("telling", "against", "expected"),
    [
        (
            {},
            {"no_difference": {"2": 1}, "harmful": {"2": 1}},
            [
                "The only results in people are against another treatment (2 studies in people); "
                "3 sellers promise a benefit."
            ],
        ),
        (
            {"unclear": {"4": 1}},
            {"no_difference": {"2": 2}},
            ["1 study in people does not state a clear benefit; 3 sellers promise a benefit."],
        ),
        (
            {"no_difference": {"2": 1}},
            {"no_difference": {"2": 2}},
            ["1 randomised trial reports no difference; 3 sellers promise a benefit."],
        ),
        ({"beneficial": {"4": 1}}, {"no_difference": {"2": 2}, "harmful": {"2": 1}}, []),
        ({}, {"beneficial": {"2": 1}}, []),
        (
            {"no_difference": {"2": 1}},
            {"beneficial": {"2": 1}},
            ["1 randomised trial reports no difference; 3 sellers promise a benefit."],
        ),
    ],
)
def test_results_against_another_treatment_contradict_no_promise_of_a_benefit(
    telling: dict[str, dict[str, int]], against: dict[str, dict[str, int]], expected: list[str]
) -> None:
    assert texts(conflicts(besides(bars("literature", **telling), **against), PROMISED)) == expected


@pytest.mark.parametrize(
    ("telling", "where"),
    [
        ({"no_difference": {"2": 1}}, "literature-no_difference"),
        ({"unclear": {"2": 1}}, "literature"),
    ],
)
def test_where_no_list_holds_telling_results_alone_their_number_leads_to_the_page(
    telling: dict[str, dict[str, int]], where: str
) -> None:
    literature = besides(bars("literature", **telling), no_difference={"2": 1})
    found = conflicts(literature, PROMISED)[0][0]
    assert isinstance(found, Count)
    assert found.anchor == where


def test_harm_against_another_treatment_is_harm_where_sellers_saw_none() -> None:
    literature = besides(Bars("literature"), harmful={"2": 1})
    said = texts(conflicts(literature, bars("seller", none_observed={"0": 1})))
    assert said == ["1 randomised trial reports harm; 1 seller says that no harm was seen."]


def test_no_promise_no_conflict() -> None:
    assert conflicts(Bars("literature"), bars("seller", unclear={"0": 1})) == []


def test_harm_in_people_beside_sellers_who_saw_none() -> None:
    said = conflicts(bars("literature", harmful={"3": 1, "5": 2}), bars("seller", none_observed={"0": 1}))
    assert texts(said) == ["1 controlled or cohort study reports harm; 1 seller says that no harm was seen."]


def test_the_absence_of_claims_about_harm_is_no_evidence_of_safety() -> None:
    assert text(harms(0, {})) == NO_HARM_CLAIM
    assert text(harms(5, {"literature": {BAD: 2, SAFE: 1}, "seller": {NONE: 1}, "other": {BAD: 1}})) == (
        "About harm, whatever the outcome, 5 claims were found: in the literature 2 sources report harm and 1 source "
        "saw no harm; 1 seller says that it makes no difference; 1 other source speaks of harm."
    )


def test_harm_that_only_retracted_sources_speak_of() -> None:
    assert text(harms(1, {"literature": {BAD: 0}})) == (
        "About harm, whatever the outcome, 1 claim was found, only of retracted or withdrawn sources."
    )
