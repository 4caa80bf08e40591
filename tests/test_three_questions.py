"""Three questions on the demonstration corpus, counted by hand from the files in fixtures/demo.

Each expected table was written down from the front matter of the files before it was compared with the software; the
working stands in the docstring of its test. `file #3` is the third claim of fixtures/demo/file.md. The level follows
from the table on the page "How we grade": only an own result has one of 2 to 4, so conclusions and plans have none.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from lxml import html
from pytest_django import DjangoDbBlocker

from articles.actions import demo, sources, vocabularies
from articles.filters import ClaimFilter
from articles.lib.vocabulary import Effect
from articles.models import Source, StudyGroup
from articles.queries import kept, questions
from articles.queries.independence import Cell, EffectCount, Said, table
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
Question = tuple[str, str, str]
HARM_OF_CELLS: Question = ("cell-therapy", "multiple-sclerosis", "safety")
HARM_OF_OCRELIZUMAB: Question = ("ocrelizumab", "multiple-sclerosis", "safety")
FATIGUE: Question = ("cell-therapy", "multiple-sclerosis", "fatigue")


@pytest.fixture(scope="module", autouse=True)
def corpus(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration corpus, loaded once and taken back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        vocabularies.load(folder=FIXTURES / "vocabularies")
        demo.load(folder=FIXTURES / "demo")
        yield
        transaction.set_rollback(True)


def asked(question: Question) -> ClaimFilter:
    return ClaimFilter(QueryDict("therapy={}&condition={}&outcome={}".format(*question)), Trees.load())


def counts(question: Question) -> Cell:
    filters = asked(question)
    return table(filters.qs, filters.trees).cell()


def by_level(question: Question, voice: str) -> dict[Effect, dict[str, int]]:
    """Independent speakers by effect and by the strongest level of their claims with that effect."""
    bars = questions.agreement(asked(question).qs, kept.state())[voice]
    return {effect: dict(bar.by_level) for effect, bar in bars.effects.items()}


def papers(question: Question) -> tuple[dict[str, int], dict[str, int]]:
    """Documents by voice, and by the name of the trial where several report it."""
    found = questions.papers(asked(question).qs, kept.state())
    return dict(found.by_voice), {StudyGroup.objects.get(pk=pk).name: n for pk, n in found.by_trial.items()}


def page(question: Question) -> str:
    """The words on the page of the question."""
    response = Client().get("/questions/{}/{}/{}/".format(*question))
    assert response.status_code == 200
    main = html.fromstring(response.content).find(".//main")
    assert main is not None
    words = re.sub(r"\s+", " ", "".join(map(str, main.itertext())))
    return re.sub(r" ([,;.:])", r"\1", words)


def test_literature_and_sellers_in_conflict() -> None:
    """Cell therapy for multiple sclerosis: safety. Below them stand HSCT, MSC, progressive MS, death and so on.

    Literature, 12 claims by 8 speakers, who are 8 papers:

    - hsct-london-case-series-2021 #4 own result, case series in people, level 4: harmful (death);
      #5 conclusion: harmful. A study.
    - mesenchymal-repeated-injections-2021 #1 own result, before and after in people, level 4: none observed;
      #6 conclusion: none observed. A study, the only paper of its group NCT04823000.
    - hsct-new-autoimmune-diseases-2021 #1, #2 narrative synthesis: harmful, twice. A review.
      #2 is tagged alemtuzumab as well.
    - tolerance-inducing-cells-meta-analysis-2021 #1 synthesis, #2 conclusion: not stated, twice; each tagged with two
      kinds of cells, and still one claim. A review.
    - hsct-first-line-aggressive-ms #4 conclusion: none observed. A statement, as its own results are on other outcomes.
    - hct-autoimmune-review-2021 #3 conclusion: unclear. A statement.
    - bone-marrow-infusion-actimus-protocol #4 plan: not stated. A statement, the only paper of its group ACTiMuS.
    - registration-umbilical-cord-msc #1 plan: not stated. A statement.

    Sellers: stem-cells-exosomes-ms-clinic #3 promotional, no basis, level 0: none observed. Other pages of sellers
    speak of harm with no condition named.
    """
    cell = counts(HARM_OF_CELLS)
    assert cell == Cell(
        literature=Said(
            claims=12,
            speakers=8,
            studies=2,
            reviews=2,
            best_level="4",
            effects={
                Effect.HARMFUL: EffectCount(claims=4, speakers=2),
                Effect.UNCLEAR: EffectCount(claims=1, speakers=1),
                Effect.NOT_STATED: EffectCount(claims=4, speakers=3),
                Effect.NONE_OBSERVED: EffectCount(claims=3, speakers=2),
            },
        ),
        seller=Said(
            claims=1,
            speakers=1,
            best_level="0",
            effects={Effect.NONE_OBSERVED: EffectCount(claims=1, speakers=1)},
        ),
    )
    assert (cell.claims, cell.literature.statements, cell.seller.statements) == (13, 4, 1)
    assert by_level(HARM_OF_CELLS, "literature") == {
        Effect.HARMFUL: {"4": 1, "": 1},
        Effect.UNCLEAR: {"": 1},
        Effect.NOT_STATED: {"": 3},
        Effect.NONE_OBSERVED: {"4": 1, "": 1},
    }
    assert by_level(HARM_OF_CELLS, "seller") == {Effect.NONE_OBSERVED: {"0": 1}}
    assert papers(HARM_OF_CELLS) == ({"literature": 8, "seller": 1}, {})
    words = page(HARM_OF_CELLS)
    assert "1 case series or before-and-after study reports harm; 1 seller says that no harm was seen." in words
    assert "2 studies in people were found: 1 reports harm and 1 saw no harm." in words


def test_two_papers_of_one_trial_are_one_study() -> None:
    """Ocrelizumab for multiple sclerosis: safety. No seller speaks of it.

    Literature, 7 claims of 2 papers, as they stand in the corpus 2 studies of level 3:

    - ocrelizumab-oratorio-long-term #5, #6 own result, cohort in people, level 3: harmful (serious events; infection).
      Its group is ORATORIO.
    - ocrelizumab-safety-2021 #1, #2 own result, cohort in people, level 3: harmful (serious events; infection);
      #3 the same: no difference (cancer); #4 conclusion: mixed; #5 conclusion on the state of the evidence: unclear.

    The second paper pools everyone treated in 11 trials. Once a curator puts it into the group of ORATORIO, for the
    patients the two share, they are 2 papers and 1 trial: harm is stated once, and no claim is lost.
    """
    apart = {
        Effect.NO_DIFFERENCE: EffectCount(claims=1, speakers=1),
        Effect.HARMFUL: EffectCount(claims=4, speakers=2),
        Effect.MIXED: EffectCount(claims=1, speakers=1),
        Effect.UNCLEAR: EffectCount(claims=1, speakers=1),
    }
    assert counts(HARM_OF_OCRELIZUMAB) == Cell(
        literature=Said(claims=7, speakers=2, studies=2, best_level="3", effects=apart)
    )
    assert by_level(HARM_OF_OCRELIZUMAB, "literature") == {
        Effect.NO_DIFFERENCE: {"3": 1},
        Effect.HARMFUL: {"3": 2},
        Effect.MIXED: {"": 1},
        Effect.UNCLEAR: {"": 1},
    }
    assert papers(HARM_OF_OCRELIZUMAB) == ({"literature": 2}, {})
    assert "2 papers, 1 trial" not in page(HARM_OF_OCRELIZUMAB)
    assert "No page of a seller that speaks of it was found." in page(HARM_OF_OCRELIZUMAB)
    put_into_one_trial("Safety of Ocrelizumab in Patients With", "ORATORIO")
    assert counts(HARM_OF_OCRELIZUMAB) == Cell(
        literature=Said(
            claims=7,
            speakers=1,
            studies=1,
            best_level="3",
            effects=apart | {Effect.HARMFUL: EffectCount(claims=4, speakers=1)},
        )
    )
    assert by_level(HARM_OF_OCRELIZUMAB, "literature")[Effect.HARMFUL] == {"3": 1}
    assert papers(HARM_OF_OCRELIZUMAB) == ({"literature": 2}, {"ORATORIO": 2})
    assert "2 papers, 1 trial" in page(HARM_OF_OCRELIZUMAB)


def put_into_one_trial(title: str, group: str) -> None:
    paper = Source.objects.get(title__startswith=title)
    paper.study_group = StudyGroup.objects.get(name=group)
    paper.study_group_relation = "overlapping_patients"
    sources.save_source(by=factories.user("curator"), source=paper, tags={})


def test_a_promise_without_any_literature() -> None:
    """Cell therapy for multiple sclerosis: fatigue. The literature on fatigue is one trial, of ponesimod, a drug.

    Sellers, 2 claims on 2 pages of one seller, stemcellpoint.com: 1 speaker.

    - stem-cells-ms-clinic-2022 #3 promotional, no basis, level 0: beneficial.
    - stem-cells-ms-story-clinic #3 promotional, no basis, level 0: beneficial.
    """
    assert counts(FATIGUE) == Cell(
        seller=Said(
            claims=2,
            speakers=1,
            best_level="0",
            effects={Effect.BENEFICIAL: EffectCount(claims=2, speakers=1)},
        )
    )
    assert by_level(FATIGUE, "seller") == {Effect.BENEFICIAL: {"0": 1}}
    assert by_level(FATIGUE, "literature") == {}
    assert papers(FATIGUE) == ({"seller": 2}, {})
    words = page(FATIGUE)
    assert "Nothing in the literature held here speaks of it; 1 seller promises a benefit." in words
    assert "Nothing in the literature held here speaks of it: what it does is not known from it." in words
