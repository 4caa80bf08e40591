"""What the counts of a question say in plain sentences, by fixed rules: nothing is judged and nothing is guessed.

A number in a sentence is a `Count`: it knows which claims it counts, so that a page can lead to them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from articles.lib.vocabulary import Effect

# Levels of results on effects in people, then the level of results in animals, in the laboratory or on a mechanism.
PEOPLE = ("1", "2", "3", "4")
PRECLINICAL = "5"
NONE_OFFERED = "0"
UNGRADED = ""

LEVEL_NOUNS = {
    "1": ("review of randomised trials", "reviews of randomised trials"),
    "2": ("randomised trial", "randomised trials"),
    "3": ("controlled or cohort study", "controlled or cohort studies"),
    "4": ("case series or before-and-after study", "case series or before-and-after studies"),
}
REPORTS = {
    Effect.BENEFICIAL: ("reports a benefit", "report a benefit"),
    Effect.NO_DIFFERENCE: ("reports no difference", "report no difference"),
    Effect.HARMFUL: ("reports harm", "report harm"),
    Effect.MIXED: ("reports mixed results", "report mixed results"),
    Effect.UNCLEAR: ("says that it cannot be told", "say that it cannot be told"),
    Effect.NOT_STATED: ("gives no direction", "give no direction"),
    Effect.NONE_OBSERVED: ("saw no harm", "saw no harm"),
}
SAYS = REPORTS | {
    Effect.BENEFICIAL: ("promises a benefit", "promise a benefit"),
    Effect.NO_DIFFERENCE: ("says that it makes no difference", "say that it makes no difference"),
    Effect.HARMFUL: ("speaks of harm", "speak of harm"),
    Effect.MIXED: ("speaks of mixed results", "speak of mixed results"),
    Effect.NONE_OBSERVED: ("says that no harm was seen", "say that no harm was seen"),
}
STATES = SAYS | {Effect.BENEFICIAL: ("speaks of a benefit", "speak of a benefit")}
VERBS = {"literature": REPORTS, "seller": SAYS, "other": STATES}
INDEPENDENT = ("independent source", "independent sources")
WHO = {"seller": ("seller", "sellers"), "other": ("other source", "other sources")}

NOTHING_IN_LITERATURE = "Nothing in the literature held here speaks of it: what it does is not known from it."
ONLY_RETRACTED = "The only papers that speak of it are retracted or withdrawn: nothing is known from them."
NOTHING_IN_PEOPLE = "No graded result on an effect in people was found."
NOT_KNOWN_IN_PEOPLE = "What it does in people is not known from the sources held here."
MAY_NOT_HOLD = "Such results may not hold in people, or be nothing that people feel."
AGAINST = "against another treatment"
WHICH_IS_BETTER = (
    "A result against another treatment, dose or route says which one does better, not whether either has an effect."
)
NO_SELLER = "No page of a seller that speaks of it was found."
ONLY_RETRACTED_SELLERS = "The only pages of sellers that speak of it are retracted or withdrawn."
NO_HARM_CLAIM = "No claim about harm was found for this therapy and condition; that is not evidence of safety."
# The same where filters leave claims out: what does not meet them may well be held here.
UNDER_FILTERS = {
    NOTHING_IN_LITERATURE: "Nothing in the literature that speaks of it meets the filters.",
    ONLY_RETRACTED: "The only papers that meet the filters are retracted or withdrawn.",
    NOTHING_IN_PEOPLE: "No graded result on an effect in people meets the filters.",
    f"{NOTHING_IN_PEOPLE} {NOT_KNOWN_IN_PEOPLE}": "No graded result on an effect in people meets the filters.",
    NO_SELLER: "No page of a seller that speaks of it meets the filters.",
    ONLY_RETRACTED_SELLERS: "The only pages of sellers that meet the filters are retracted or withdrawn.",
    NO_HARM_CLAIM: "No claim about harm meets the filters; that is not evidence of safety.",
}


@dataclass(frozen=True)
class Bar:
    """Who states one effect, or anything at all.

    `by_level` holds independent speakers by the strongest level of their claims, each speaker once; `with_level` those
    with some claim of a level, so that a speaker may stand under several. `in_people` holds speakers with a telling
    result in people by all the effects that such results state.
    """

    claims: int = 0
    by_level: Mapping[str, int] = field(default_factory=dict)
    with_level: Mapping[str, int] = field(default_factory=dict)
    in_people: Mapping[frozenset[str], int] = field(default_factory=dict)

    @property
    def speakers(self) -> int:
        return sum(self.by_level.values())

    @property
    def people(self) -> int:
        """Speakers with a result in people."""
        return sum(self.by_level.get(level, 0) for level in PEOPLE)


NO_BAR = Bar()


@dataclass(frozen=True)
class Bars:
    """What one voice says: a bar for each effect it states, and one for everything together.

    `only_telling` holds the same without results against another treatment, which do not tell whether the therapy has
    an effect; None where there are no such results.
    """

    voice: str
    effects: Mapping[Effect, Bar] = field(default_factory=dict)
    all: Bar = NO_BAR
    only_telling: "Bars | None" = None

    def of(self, effect: Effect) -> Bar:
        return self.effects.get(effect, NO_BAR)

    @property
    def telling(self) -> "Bars":
        return self.only_telling or self

    def against_another(self, effect: Effect, number: Callable[[Bar], int]) -> int:
        """Of the `number` of speakers those who state the effect against another treatment only."""
        return number(self.of(effect)) - number(self.telling.of(effect))

    def counts(self, number: Callable[[Bar], int], **where: Sequence[str]) -> list["Sentence"]:
        """Such as “2 report a benefit (1 of them against another treatment)”, for each effect that anybody states."""
        return [self._counted(effect, number, where) for effect in Effect if number(self.of(effect))]

    def _counted(self, effect: Effect, number: Callable[[Bar], int], where: Mapping[str, Sequence[str]]) -> "Sentence":
        n, against = number(self.of(effect)), self.against_another(effect, number)
        count = Count(str(n), self.voice, {"effect": (effect,), **where})
        says = " " + one_or_more(n, *VERBS[self.voice][effect])
        if not against:
            return (count, says)
        if against == n:
            return (count, says, f" ({one_or_more(n, '', 'all of them ')}{AGAINST})")
        return (count, says, " (", Count(f"{against} of them", anchor=f"{self.voice}-{effect.value}"), f" {AGAINST})")


@dataclass(frozen=True)
class Count:
    """A number in a sentence and the claims it counts.

    Those of one voice that meet the conditions of `where` and stand; or what stands at a place of the page.
    """

    words: str
    voice: str = ""
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    anchor: str = ""


Sentence = tuple[str | Count, ...]


def one_or_more(n: int, one: str, more: str) -> str:
    """The singular for one, else the plural."""
    return one if n == 1 else more


def counted(n: int, one: str, more: str) -> str:
    """Such as “1 seller” and “2 sellers”."""
    return f"{n} {one_or_more(n, one, more)}"


def enumerated(items: Sequence[Sentence], last: str = " and ", between: str = ", ") -> Sentence:
    """The items with `between` between them and `last` before the last one."""
    parts: list[str | Count] = []
    for i, item in enumerate(items):
        if i:
            parts.append(last if i == len(items) - 1 else between)
        parts.extend(item)
    return tuple(parts)


# --- The summary -----------------------------------------------------------------------------------------------------


def summary(literature: Bars, sellers: Bars, others: Bars) -> list[Sentence]:
    """What was found on the question, for readers without training: people, animals, mentions, sellers, others."""
    return [*_literature(literature), _sellers(sellers), *_others(others)]


def _literature(said: Bars) -> list[Sentence]:
    if not said.all.speakers:
        return [(ONLY_RETRACTED if said.all.claims else NOTHING_IN_LITERATURE,)]
    return [_in_people(said), *_in_animals(said), *_against_another(said), *_ungraded(said), *_unfounded(said)]


def _in_people(said: Bars) -> Sentence:
    total = said.all.people
    if not total:
        is_all_graded = not said.all.with_level.get(UNGRADED, 0)
        return (f"{NOTHING_IN_PEOPLE} {NOT_KNOWN_IN_PEOPLE}" if is_all_graded else NOTHING_IN_PEOPLE,)
    found = Count(_studies(said.all), said.voice, {"level": PEOPLE})
    return _found(found, total, said.counts(_people, level=PEOPLE))


def _people(bar: Bar) -> int:
    return bar.people


def _preclinical(bar: Bar) -> int:
    return bar.with_level.get(PRECLINICAL, 0)


def everyone(bar: Bar) -> int:
    return bar.speakers


def _studies(bar: Bar) -> str:
    """Such as “3 studies in people”; reviews of trials are called what they are."""
    n, reviews = bar.people, bar.by_level.get("1", 0)
    if n == reviews:
        return counted(n, *LEVEL_NOUNS["1"])
    if reviews:
        return f"{n} studies in people or reviews of trials"
    return counted(n, "study in people", "studies in people")


def _in_animals(said: Bars) -> list[Sentence]:
    total = _preclinical(said.all)
    if not total:
        return []
    words = counted(total, "study", "studies") + " in animals, in the laboratory or on a mechanism"
    found = Count(words, said.voice, {"level": (PRECLINICAL,)})
    sentence = _found(found, total, said.counts(_preclinical, level=(PRECLINICAL,)))
    return [(*sentence, f" {MAY_NOT_HOLD}")]


def _found(found: Count, total: int, said: Sequence[Sentence]) -> Sentence:
    return (found, f" {one_or_more(total, 'was', 'were')} found: ", *enumerated(said), ".")


def _against_another(said: Bars) -> list[Sentence]:
    """What the words “against another treatment” mean, where they were used."""
    is_used = any(said.against_another(effect, number) for effect in Effect for number in (_people, _preclinical))
    return [(WHICH_IS_BETTER,)] if is_used else []


def _ungraded(said: Bars) -> list[Sentence]:
    n = said.all.with_level.get(UNGRADED, 0)
    if not n:
        return []
    found = Count(counted(n, *INDEPENDENT), said.voice, {"level": ("blank",)})
    says = one_or_more(n, "speaks", "speak")
    without = (
        "no level of evidence can be given, such as background, a plan, or a result of a study that is not described"
    )
    return [(found, f" {says} of it in words to which {without}.")]


def _unfounded(said: Bars) -> list[Sentence]:
    n = said.all.with_level.get(NONE_OFFERED, 0)
    if not n:
        return []
    found = Count(counted(n, *INDEPENDENT), said.voice, {"level": (NONE_OFFERED,)})
    return [(found, f" {one_or_more(n, 'speaks of it and offers', 'speak of it and offer')} no evidence.")]


def _sellers(said: Bars) -> Sentence:
    if not said.all.speakers:
        return (ONLY_RETRACTED_SELLERS if said.all.claims else NO_SELLER,)
    unfounded = said.all.with_level.get(NONE_OFFERED, 0)
    sentence = _speak(said)
    if not unfounded:
        return sentence
    words = counted(unfounded, *WHO["seller"])
    found = Count(words, said.voice, {"level": (NONE_OFFERED,)})
    return (*sentence, " ", found, f" {one_or_more(unfounded, 'offers', 'offer')} no evidence for it.")


def _others(said: Bars) -> list[Sentence]:
    return [_speak(said)] if said.all.speakers else []


def _speak(said: Bars) -> Sentence:
    total = said.all.speakers
    who = Count(counted(total, *WHO[said.voice]), said.voice)
    says = one_or_more(total, "speaks", "speak")
    return (who, f" {says} of it: ", *enumerated(said.counts(everyone)), ".")


def under_filters(said: Iterable[Sentence]) -> list[Sentence]:
    """The sentences of a summary in which nothing that filters may have left out is said not to be."""
    return [tuple(UNDER_FILTERS.get(part, part) if isinstance(part, str) else part for part in one) for one in said]


# --- Conflicts -------------------------------------------------------------------------------------------------------


def conflicts(literature: Bars, sellers: Bars, *, is_selective: bool = False) -> list[Sentence]:
    """Where results in people differ among each other, and where sellers say what the literature does not.

    Against a benefit, and for one where results differ, results against another treatment do not count.
    Where filters leave claims out (`is_selective`), nothing is made of what the literature lacks.
    """
    return [*_within(literature), *_benefit(literature, sellers, is_selective), *_safety(literature, sellers)]


def _within(said: Bars) -> list[Sentence]:
    """One study alone does not disagree with itself."""
    against = _contrary(said)
    differing = {Effect.BENEFICIAL, *against}
    speakers = sum(n for stated, n in said.all.in_people.items() if stated & differing)
    if not (said.telling.of(Effect.BENEFICIAL).people and against and speakers > 1):
        return []
    stated = [_tell(said, effect) for effect in (Effect.BENEFICIAL, *against)]
    return [("Results in people differ: ", *enumerated(stated, "; ", "; "), ".")]


def _contrary(said: Bars) -> list[Effect]:
    """The effects which telling results in people state against a benefit."""
    return [effect for effect in (Effect.NO_DIFFERENCE, Effect.HARMFUL) if said.telling.of(effect).people]


def _tell(said: Bars, effect: Effect) -> Sentence:
    """As `_report`, of telling results; where there are others, no list holds these alone: they stand on the page."""
    if said.against_another(effect, _people):
        return _report(said.telling.of(effect), effect, anchor=f"{said.voice}-{effect.value}")
    return _report(said.telling.of(effect), effect, voice=said.voice)


def _report(bar: Bar, effect: Effect, *, voice: str = "", anchor: str = "") -> Sentence:
    """Such as “2 randomised trials and 1 case series … report no difference”."""
    nouns = [(counted(n, *LEVEL_NOUNS[level]),) for level in PEOPLE if (n := bar.by_level.get(level, 0))]
    words = "".join(str(part) for part in enumerated(nouns))
    where = {} if anchor else {"effect": (effect,), "level": PEOPLE}
    return (Count(words, voice, where, anchor), " " + one_or_more(bar.people, *REPORTS[effect]))


def _benefit(literature: Bars, sellers: Bars, is_selective: bool) -> list[Sentence]:
    """A promised benefit beside evidence in people that states none."""
    if not (n := sellers.of(Effect.BENEFICIAL).speakers):
        return []
    promise = _sellers_say(sellers, Effect.BENEFICIAL, n)
    if against := _contrary(literature):
        return [(*_tell(literature, effect), "; ", *promise, ".") for effect in against]
    if is_selective or literature.of(Effect.BENEFICIAL).people:
        return []
    return [(*_nothing_for_it(literature), "; ", *promise, ".")]


def _nothing_for_it(said: Bars) -> Sentence:
    """Why no result in people speaks for a benefit or against it."""
    if said.all.people:
        return _no_clear_benefit(said)
    if n := _preclinical(said.all):
        studies = Count(counted(n, "study", "studies"), said.voice, {"level": (PRECLINICAL,)})
        return ("The only graded results are from animals, the laboratory or a mechanism (", studies, ")")
    if n := said.all.speakers:
        return (
            "The literature held here has no graded result on it (",
            Count(counted(n, *INDEPENDENT), said.voice),
            f" {one_or_more(n, 'mentions', 'mention')} it)",
        )
    if said.all.claims:
        return ("The only papers that speak of it are retracted or withdrawn",)
    return ("Nothing in the literature held here speaks of it",)


def _no_clear_benefit(said: Bars) -> Sentence:
    everything, telling = said.all, said.telling.all
    studies = Count(_studies(everything), said.voice, {"level": PEOPLE})
    if not telling.people:
        return (f"The only results in people are {AGAINST} (", studies, ")")
    if telling.people < everything.people:
        studies = Count(_studies(telling), anchor=said.voice)
    return (studies, f" {one_or_more(telling.people, 'does', 'do')} not state a clear benefit")


def _safety(literature: Bars, sellers: Bars) -> list[Sentence]:
    n = sellers.of(Effect.NONE_OBSERVED).speakers
    if not (n and literature.of(Effect.HARMFUL).people):
        return []
    harm = _report(literature.of(Effect.HARMFUL), Effect.HARMFUL, voice=literature.voice)
    return [(*harm, "; ", *_sellers_say(sellers, Effect.NONE_OBSERVED, n), ".")]


def _sellers_say(said: Bars, effect: Effect, n: int) -> Sentence:
    count = Count(counted(n, *WHO["seller"]), said.voice, {"effect": (effect,)})
    return (count, " " + one_or_more(n, *SAYS[effect]))


# --- Harms -----------------------------------------------------------------------------------------------------------


AMONG = {"literature": "in the literature ", "seller": "", "other": ""}
AT_HARMS = WHO | {"literature": ("source", "sources")}
ONLY_OF_RETRACTED = ", only of retracted or withdrawn sources"


def harms(claims: int, speakers: Mapping[str, Mapping[Effect, int]]) -> Sentence:
    """What was found about harm, whatever the outcome: claims, and by voice the independent speakers by effect."""
    if not claims:
        return (NO_HARM_CLAIM,)
    found = Count(counted(claims, "claim", "claims"), anchor="harms")
    voices = [voice for voice in AMONG if any(speakers.get(voice, {}).values())]
    said = [(AMONG[voice], *_at_harms(voice, speakers[voice])) for voice in voices]
    listed = (": ", *enumerated(said, "; ", "; ")) if said else (ONLY_OF_RETRACTED,)
    return ("About harm, whatever the outcome, ", found, f" {one_or_more(claims, 'was', 'were')} found", *listed, ".")


def _at_harms(voice: str, counts: Mapping[Effect, int]) -> Sentence:
    return enumerated(
        [
            (Count(counted(n, *AT_HARMS[voice]), anchor="harms"), " " + one_or_more(n, *VERBS[voice][effect]))
            for effect in Effect
            if (n := counts.get(effect, 0))
        ]
    )
