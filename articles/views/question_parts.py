"""The parts of a question's page: where each number leads, bars, claims with their facts, questions around it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from articles.lib import question_words as words
from articles.lib import vocabulary as vocab
from articles.lib.querystring import narrowed
from articles.models import Claim, ClaimTherapy, Node
from articles.queries.independence import STRENGTHS, UNCOUNTED, Said, Table
from articles.queries.questions import Papers, Question
from articles.queries.trees import Tree, Trees
from articles.templatetags.voices import of_voice
from articles.views.listing import State, address

PART = dict[str, tuple[str, ...]]
# With the one of the question itself, as many as can stand side by side.
SIBLINGS = 4
NAMED_TRIALS = 6
# A bar of one speaker does not fill the width.
SHORTEST_SCALE = 5
# Field of a claim -> what is missing where it has no value.
FACTS = {
    "design": "design",
    "n": "number of participants",
    "subject": "in whom it was studied",
    "follow_up": "length of follow-up",
    "comparator": "what it was compared with",
}


@dataclass(frozen=True)
class Place:
    """A question and the filters kept with it: where its page, its list of claims and parts of that list are."""

    asked: Question
    kept: State

    @property
    def is_selective(self) -> bool:
        """True where filters leave out claims on the question: what is not on its page may have been filtered away."""
        return bool(self.kept)

    @property
    def listed(self) -> State:
        """The parameters of the list of claims that holds this question's claims."""
        return self.kept | {name: [node.slug] for name, node in self.asked.parts.items()}

    def list(self, where: Mapping[str, Sequence[str]] | None = None) -> str:
        """The list of the question's claims that meet these conditions too."""
        return address(reverse("claims"), narrowed(self.listed, where or {}))

    def without(self, part: str, page: str) -> str:
        """The list of claims, or the map, whatever this part of the question is."""
        return address(reverse(page), {name: values for name, values in self.listed.items() if name != part})

    def question(self, **parts: Any) -> str:
        """The page of the question with other parts, under the same filters; `condition=None` is any condition."""
        asked = replace(self.asked, **parts)
        kept = {name: values for name, values in self.kept.items() if name not in asked.parts}
        return address(reverse("question", args=asked.slugs), kept)


@dataclass(frozen=True)
class Part:
    """A piece of a sentence, with the address it leads to, if any."""

    words: str
    href: str = ""


def linked(sentences: Iterable[words.Sentence], place: Place, retracted: Mapping[str, int]) -> list[list[Part]]:
    """The sentences with each number leading to the claims it counts; `retracted` tells who has some that do not."""
    return [[_part(piece, place, retracted) for piece in sentence] for sentence in sentences]


def _part(piece: str | words.Count, place: Place, retracted: Mapping[str, int]) -> Part:
    if isinstance(piece, str):
        return Part(piece)
    if piece.anchor:
        return Part(piece.words, f"#{piece.anchor}")
    return Part(piece.words, place.list(counting(piece.voice, piece.where, retracted)))


def counting(voice: str, where: Mapping[str, Sequence[str]], retracted: Mapping[str, int]) -> PART:
    """Parameters for the claims of a voice that meet the conditions and count."""
    left_out = {"not_publication_status": tuple(UNCOUNTED)} if retracted.get(voice) else {}
    return of_voice(voice) | {name: tuple(values) for name, values in where.items()} | left_out


# --- Columns ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Segment:
    """The part of a bar that one evidence level takes, in percent of the longest bar."""

    level: str
    label: str
    count: int
    href: str
    x: float
    width: float


@dataclass(frozen=True)
class ShownClaim:
    """A claim with its study facts; those the source does not give are kept apart from those nobody looked for.

    `about` are its therapies, condition and outcome where they are not those of the question.
    """

    claim: Claim
    facts: list[tuple[str, str]]
    not_reported: list[str]
    not_assessed: list[str]
    is_counted: bool
    trial_papers: int
    about: list[Node]


@dataclass(frozen=True)
class Group:
    """One effect as one voice states it: its bar, and the first of its claims.

    `against_another` are those of its speakers who state it against another treatment only.
    """

    effect: vocab.Effect
    anchor: str
    bar: words.Bar
    segments: list[Segment]
    against_another: int
    claims: list[ShownClaim]
    href: str


def scale(agreement: Mapping[str, words.Bars]) -> int:
    """The number of speakers that fills the width of a bar."""
    speakers = (bar.speakers for bars in agreement.values() for bar in bars.effects.values())
    return max(SHORTEST_SCALE, *speakers, 0)


@dataclass(frozen=True)
class Column:
    """What one voice says."""

    voice: str
    said: Said
    documents: int
    href: str
    groups: list[Group]

    @property
    def parts(self) -> list[str]:
        """What the speakers of the literature are: studies, reviews, other statements."""
        nouns = {
            ("study", "studies"): self.said.studies,
            ("review", "reviews"): self.said.reviews,
            ("other statement", "other statements"): self.said.statements,
        }
        return [words.counted(n, *noun) for noun, n in nouns.items() if n]


def column(
    said: Said,
    bars: words.Bars,
    claims: Mapping[tuple[str, str], list[Claim]],
    papers: Papers,
    place: Place,
    longest: int,
) -> Column:
    """A voice's column. `longest` is the number of speakers that fills the width of a bar, the same for all columns."""
    voice = bars.voice
    retracted = {voice: said.uncounted}
    groups = [
        Group(
            effect,
            f"{voice}-{effect.value}",
            bar,
            _segments(bar, voice, effect, place, retracted, longest),
            bars.against_another(effect, words.everyone),
            [shown(claim, papers, place.asked) for claim in claims.get((voice, effect), [])],
            place.list(of_voice(voice) | {"effect": (effect,)}),
        )
        for effect, bar in bars.effects.items()
    ]
    return Column(voice, said, papers.by_voice.get(voice, 0), place.list(of_voice(voice)), groups)


def _segments(
    bar: words.Bar, voice: str, effect: str, place: Place, retracted: Mapping[str, int], longest: int
) -> list[Segment]:
    segments: list[Segment] = []
    before = 0
    for level in STRENGTHS:
        if not (n := bar.by_level.get(level, 0)):
            continue
        where = counting(voice, {"effect": (effect,), "level": (level or "blank",)}, retracted)
        x, width = (round(100 * part / longest, 3) for part in (before, n))
        segments.append(Segment(level or "blank", _level_label(level), n, place.list(where), x, width))
        before += n
    return segments


def _level_label(level: str) -> str:
    return next((term.label.lower() for term in vocab.EvidenceLevel if term == level), "level not derivable")


def shown(claim: Claim, papers: Papers, asked: Question) -> ShownClaim:
    """The claim as the page shows it."""
    given = {name: str(value) for name in FACTS if (value := getattr(claim, name)) not in (None, "")}
    silent = {name for name in FACTS if given.get(name) == "not_reported" or name in claim.not_reported}
    return ShownClaim(
        claim,
        [(name, value) for name, value in given.items() if name not in silent],
        [label for name, label in FACTS.items() if name in silent],
        [label for name, label in FACTS.items() if name not in given and name not in silent],
        claim.source.publication_status not in UNCOUNTED,
        papers.by_trial.get(claim.source.study_group_id or 0, 0),
        [node for node in _nodes(claim) if node not in asked.parts.values()],
    )


def _nodes(claim: Claim) -> list[Node]:
    tags: list[ClaimTherapy] = vars(claim)["tagged"]
    return [*(tag.therapy for tag in tags), claim.condition, claim.outcome]


# --- Harms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Harm:
    """Claims about harm on one outcome, what stands below it included."""

    outcome: Node
    depth: int
    href: str
    said: list[tuple[str, Said]]


def harms(counted: Table, place: Place, trees: Trees) -> list[Harm]:
    """In the order of the outcomes; one that only repeats the outcome below it is left out."""
    tree = trees.outcome
    claims = {node.pk: counted.cell(node.slug).claims for node in tree.by_id.values()}
    told = [
        node
        for _, node in tree.walk()
        if claims[node.pk] and all(claims[child.pk] != claims[node.pk] for child in tree.children.get(node.pk, []))
    ]
    voices = ["literature", "seller", *(["other"] if counted.cell().other.claims else [])]
    return [
        Harm(
            node,
            sum(tree.by_id[above] in told for above in tree.ancestors(node.pk)) - 1,
            place.question(outcome=node),
            [(voice, counted.cell(node.slug).of(voice)) for voice in voices],
        )
        for node in told
    ]


# --- Around the question ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Neighbour:
    """A question beside this one and the number of its claims."""

    words: str
    claims: int
    href: str


Counts = Mapping[str, Counter[int]]


def narrower(counts: Counts, place: Place, trees: Trees) -> list[tuple[str, list[Neighbour]]]:
    """By the name of the tree, the questions one step down that have claims."""
    asked = place.asked.parts
    below: list[tuple[str, list[Neighbour]]] = []
    for name in ("therapy", "condition", "outcome"):
        chosen = [trees.condition.by_slug[slug] for slug in place.kept.get(name, [])] if name not in asked else []
        parent = asked[name].pk if name in asked else None
        nodes = chosen or trees.named(name).children.get(parent, [])
        found = [
            Neighbour(node.name, counts[name][node.pk], place.question(**{name: node}))
            for node in nodes
            if counts[name][node.pk]
        ]
        below += [(name, found)] if found else []
    return below


def wider(counts: Counts, place: Place, trees: Trees) -> list[Neighbour]:
    """The questions one step up: the therapy above, the condition above, the outcome above, any condition.

    Where one is a gap too, the next one above it that has claims comes along.
    """
    above = [
        Neighbour(node.name, counts[name][node.pk], place.question(**{name: node}))
        for name, asked in place.asked.parts.items()
        for node in _up(asked, trees.named(name), counts[name])
    ]
    if place.asked.condition is not None:
        above.append(Neighbour("Any condition", counts["condition"][0], place.question(condition=None)))
    return above


def _up(asked: Node, tree: Tree, counts: Counter[int]) -> list[Node]:
    higher = [tree.by_id[pk] for pk in tree.ancestors(asked.pk)[1:]]
    with_claims = next((node for node in higher if counts[node.pk]), None)
    return list(dict.fromkeys([*higher[:1], *([with_claims] if with_claims else [])]))


def elsewhere(counts: Counts, place: Place) -> list[Neighbour]:
    """Lists of claims that differ from the question in one part only, whatever that part is."""
    return [
        Neighbour(f"Any {name}, in the list", counts[name][0], place.without(name, "claims"))
        for name in ("therapy", "outcome")
        if counts[name][0]
    ]


def alone(counts: Mapping[str, int], place: Place) -> list[Neighbour]:
    """The lists of claims about each part of the question by itself."""
    return [
        Neighbour(node.name, counts[name], address(reverse("claims"), place.kept | {name: [node.slug]}))
        for name, node in place.asked.parts.items()
    ]


def comparison(counts: Counts, place: Place, trees: Trees) -> str:
    """The therapies beside this one that have most claims on the same condition and outcome; blank without any."""
    therapy, tree = place.asked.therapy, trees.therapy
    siblings = [node for node in tree.children[therapy.parent_id] if node.pk != therapy.pk]
    busiest = sorted(siblings, key=lambda node: -counts["therapy"][node.pk])[:SIBLINGS]
    others = [node.slug for node in busiest if counts["therapy"][node.pk]]
    compared = place.listed | {"therapy": [therapy.slug, *others]}
    return address(reverse("compare"), compared) if others and counts["therapy"][therapy.pk] else ""
