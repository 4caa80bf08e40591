"""The page of a question: counts that lead to what they count, gaps, bad addresses, a fixed number of queries."""

from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from lxml import html

from articles.filters import ClaimFilter
from articles.lib.querystring import narrowed
from articles.lib.question_words import NO_HARM_CLAIM, NO_SELLER, NOTHING_IN_LITERATURE, UNDER_FILTERS
from articles.models import Assessment, Condition, Outcome, StudyGroup, Therapy
from articles.queries.trees import Trees
from articles.views.question_parts import Part
from tests import factories, random_corpora

pytestmark = pytest.mark.django_db

PAGE = "/questions/exosomes/multiple-sclerosis/relapse/"


def page(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def speakers(href: str) -> int:
    """Who speaks in the list of claims at this address, each once."""
    filters = ClaimFilter(QueryDict(urlsplit(href).query), Trees.load())
    assert filters.problems() == []
    return filters.qs.order_by().values("speaker").distinct().count()


def promise(**fields):
    given = {"quote_role": "promotional", "basis": "none", "design": "", "subject": "", **fields}
    return factories.claim(factories.source(kind="clinic_page"), **given)


def test_the_total_is_that_of_the_list(client: Client) -> None:
    factories.claim()
    promise()
    factories.claim(outcome=factories.node(Outcome, "walking"))
    listed = "/claims/?condition=multiple-sclerosis&amp;outcome=relapse&amp;therapy=exosomes"
    assert f'<a href="{listed}" data-claims="2">' in page(client)
    assert 'data-total="2"' in page(client, listed.replace("&amp;", "&"))


@pytest.mark.parametrize(
    "filters", ["kind=review", "year_min=2019", "interest=independent", "year_max=2020&not_kind=abstract"]
)
def test_each_number_of_a_year_is_the_length_of_its_list_under_filters_too(client: Client, filters: str) -> None:
    for kind in ("abstract", "review"):
        for year in (2018, 2020):
            factories.claim(factories.source(kind=kind, year=year, publisher_interest="independent"))
    promise()
    main = html.fromstring(client.get(f"{PAGE}?{filters}").content)
    links = main.xpath("//details[@class='years-table']//a")
    assert links
    for link in links:
        assert f'data-total="{link.text}"' in page(client, link.get("href"))


def test_what_a_filter_leaves_out_is_not_said_to_be_missing(client: Client) -> None:
    factories.claim()
    promise()
    of_sellers = page(client, f"{PAGE}?kind=clinic_page")
    assert UNDER_FILTERS[NOTHING_IN_LITERATURE] in of_sellers
    assert UNDER_FILTERS[NO_HARM_CLAIM] in of_sellers
    assert "No conflict by the rules below." in of_sellers
    assert UNDER_FILTERS[NO_SELLER] in page(client, f"{PAGE}?not_interest=sells_therapy")
    for said in (NOTHING_IN_LITERATURE, NO_SELLER, "literature held here"):
        assert said not in of_sellers
        assert said not in page(client, f"{PAGE}?not_interest=sells_therapy")


def test_a_filter_narrows_the_question_and_everything_that_leads_on(client: Client) -> None:
    factories.claim(factories.source(year=2010))
    factories.claim(factories.source(year=2020))
    text = page(client, f"{PAGE}?year_min=2015")
    assert 'data-claims="1"' in text
    assert "From 2015" in text
    assert "Only claims that meet the filters above are counted on this page." in text
    assert "/questions/exosomes/any/relapse/?year_min=2015" in text


@settings(max_examples=5, deadline=None)
@given(random_corpora.PLANS)
def test_each_number_leads_to_what_it_counts(plan: random_corpora.Plan) -> None:
    with random_corpora.written(plan):
        for path in ("/questions/therapy-0/any/outcome-0/", "/questions/therapy-1/any/outcome-0/?not_kind=guideline"):
            context = Client().get(path).context
            numbers: list[Part] = [part for said in context["summary"] for part in said if part.href.startswith("/")]
            for part in numbers:
                assert speakers(part.href) == int(part.words.split()[0]), part
            for column in (*context["columns"], context["others"]):
                for group in column.groups:
                    filters = ClaimFilter(QueryDict(urlsplit(group.href).query), Trees.load())
                    assert filters.qs.count() == group.bar.claims


def test_conflict_between_voices(client: Client) -> None:
    factories.claim(effect="no_difference")
    promise()
    context = client.get(PAGE).context
    (said,) = context["conflicts"]
    assert (
        "".join(part.words for part in said) == "1 randomised trial reports no difference; 1 seller promises a benefit."
    )
    assert [speakers(part.href) for part in said if part.href] == [1, 1]


def test_a_comparison_with_an_active_drug_is_no_lack_of_effect(client: Client) -> None:
    factories.claim()
    factories.claim(effect="no_difference", comparator="active")
    promise()
    text = page(client)
    assert "reports no difference (against another treatment)." in text
    assert "(1 against another treatment only)" in text
    assert "No conflict by the rules below." in text
    factories.claim(effect="no_difference", comparator="placebo_or_sham")
    text = page(client)
    assert 'report no difference (<a href="#literature-no_difference">1 of them</a> against another treatment).' in text
    assert 'Results in people differ: <a href="/claims/' in text
    assert '<a href="#literature-no_difference">1 randomised trial</a> reports no difference.' in text
    assert 'id="literature-no_difference"' in text


def test_three_papers_of_one_trial(client: Client) -> None:
    trial = StudyGroup.objects.create(name="The trial")
    for _ in range(3):
        factories.claim(factories.source(study_group=trial, study_group_relation="same_trial"))
    text = page(client)
    assert "The trial (3 papers, 1 trial)" in text
    assert text.count("<b>3 papers, 1 trial:</b> The trial") == 3
    assert "<b>1</b> independent source: 1 study" in text


def test_a_retracted_source_is_red_listed_and_not_counted(client: Client) -> None:
    source = factories.source(publication_status="retracted", title="A paper taken back")
    factories.claim(source)
    factories.claim(effect="no_difference")
    text = page(client)
    assert "A paper taken back" in text
    assert "Listed, not counted." in text
    assert "1 claim of retracted or withdrawn sources</a> stands below in red and is not counted" in text
    assert "1 study in people</a> was found:" in text


def test_facts_not_reported_are_kept_apart_from_facts_nobody_looked_for(client: Client) -> None:
    factories.claim(n=42, comparator="not_reported", not_reported=["follow_up"], subject="")
    text = page(client)
    assert "<dt>Took part</dt> <dd>42</dd>" in text
    assert "<dt>Not reported</dt> <dd>length of follow-up, what it was compared with</dd>" in text
    assert "<dt>Not assessed</dt> <dd>in whom it was studied</dd>" in text


def test_each_claim_leads_to_its_words_in_the_source(client: Client) -> None:
    claim = factories.claim()
    text = page(client)
    assert f"{claim.source.get_absolute_url()}#q-{claim.public_id}" in text
    assert claim.quote in text


def test_harms_are_shown_and_lead_to_their_question(client: Client) -> None:
    factories.claim()
    harm = factories.node(Outcome, "infection", factories.node(Outcome, "safety"))
    factories.claim(outcome=harm, claim_type="harm_or_safety", effect="harmful")
    text = page(client)
    assert '<a href="/questions/exosomes/multiple-sclerosis/infection/">' in text
    assert "/questions/exosomes/multiple-sclerosis/safety/" not in text, "it only repeats the one below"
    assert NO_HARM_CLAIM not in text


@pytest.mark.parametrize(
    "filters",
    [
        "effect=beneficial",
        "not_effect=harmful",
        "role=review_synthesis",
        "level=1",
        "wording=qualified",
        "basis=cites_study",
        "design=cohort",
        "subject=animal",
        "q=nowhere",
        "not_outcome=relapse",
    ],
)
def test_no_filter_by_what_is_said_leaves_a_harm_out(client: Client, filters: str) -> None:
    factories.claim()
    factories.claim(claim_type="harm_or_safety", effect="harmful")
    text = page(client, f"{PAGE}?{filters}")
    assert NO_HARM_CLAIM not in text
    assert '<a href="/questions/exosomes/multiple-sclerosis/relapse/">Relapse</a>' in text
    assert "The filters above leave out no harm: all of it is counted here." in text


@pytest.mark.parametrize("filters", ["year_max=2019", "kind=review", "interest=industry_funded", "not_kind=abstract"])
def test_filters_on_the_source_hold_for_harms(client: Client, filters: str) -> None:
    factories.claim(claim_type="harm_or_safety", effect="harmful")
    factories.claim(factories.source(kind="review", year=2010, publisher_interest="industry_funded"))
    text = page(client, f"{PAGE}?{filters}")
    assert UNDER_FILTERS[NO_HARM_CLAIM] in text
    assert "Under the filters on the source, its year, the therapy and the condition no claim about harm" in text


def test_of_several_filters_the_page_says_which_hold_for_harms(client: Client) -> None:
    factories.claim(claim_type="harm_or_safety", effect="harmful")
    text = page(client, f"{PAGE}?kind=abstract&effect=harmful")
    assert '<a href="/questions/exosomes/multiple-sclerosis/relapse/?kind=abstract">Relapse</a>' in text
    assert "Of the filters above, those on the source, its year, the therapy and the condition hold here too" in text


def test_the_absence_of_harms_is_said(client: Client) -> None:
    factories.claim()
    assert NO_HARM_CLAIM in page(client)


def test_a_gap_shows_what_stands_one_step_wider(client: Client) -> None:
    cells = factories.node(Therapy, "cells")
    factories.node(Therapy, "exosomes", cells)
    factories.claim(therapies=[cells])
    text = page(client)
    assert "A gap" in text
    assert 'data-claims="0"' in text
    assert (
        '<a href="/questions/cells/multiple-sclerosis/relapse/">Cells</a> <span class="around-count">1 claim</span>'
        in text
    )
    assert (
        '<a href="/questions/exosomes/any/relapse/">Any condition</a> <span class="around-count">a gap too</span>'
        in text
    )
    assert NO_HARM_CLAIM in text


def test_where_every_step_is_a_gap_each_part_shows_what_it_has(client: Client) -> None:
    factories.claim()
    factories.node(Condition, "pain")
    factories.node(Outcome, "walking")
    text = page(client, "/questions/exosomes/pain/walking/")
    assert (
        '<a href="/claims/?therapy=exosomes">All about Exosomes</a> <span class="around-count">1 claim</span>' in text
    )
    assert 'Walking <span class="around-count">no claims at all</span>' in text


def test_narrower_questions_have_counts(client: Client) -> None:
    parent = factories.node(Condition, "multiple-sclerosis")
    factories.claim(condition=factories.node(Condition, "rrms", parent))
    text = page(client)
    assert '<a href="/questions/exosomes/rrms/relapse/">Rrms</a> <span class="around-count">1 claim</span>' in text
    assert "/questions/exosomes/multiple-sclerosis/relapse/" in page(client, "/questions/exosomes/any/relapse/")


def test_of_any_condition_only_those_of_the_filter_are_narrower(client: Client) -> None:
    factories.claim()
    factories.claim(condition=factories.node(Condition, "pain"))
    text = page(client, "/questions/exosomes/any/relapse/?condition=pain&condition=multiple-sclerosis")
    assert 'data-claims="2"' in text
    assert 'href="/questions/exosomes/pain/relapse/"' in text


def test_therapies_beside_this_one_can_be_compared(client: Client) -> None:
    factories.claim(therapies=[factories.node(Therapy, "exosomes")])
    assert "/compare/" not in page(client).split("<main")[1].split("<footer")[0]
    factories.claim(therapies=[factories.node(Therapy, "plasma")])
    compared = "/compare/?condition=multiple-sclerosis&amp;outcome=relapse&amp;therapy=exosomes&amp;therapy=plasma"
    assert compared in page(client)


def test_a_reviewers_judgement_is_a_persons(client: Client) -> None:
    claim = factories.claim()
    assert "No reviewer has assessed this question yet." in page(client)
    Assessment.objects.create(
        therapy=claim.therapies.get(),
        condition=claim.condition,
        outcome=claim.outcome,
        certainty="very_low",
        certainty_reasons="One small study.",
        seller_verdict="overstated",
        verdict_reasons="They promise more.",
        reviewer=factories.user("reader"),
        assessed_at=timezone.now(),
    )
    text = page(client)
    assert "One small study." in text
    assert "They promise more." in text
    assert "A person’s judgement, not computed: reader" in text


@pytest.mark.parametrize(
    ("path", "named", "near"),
    [
        ("/questions/exosome/multiple-sclerosis/relapse/", "therapy “exosome”", PAGE),
        ("/questions/exosomes/sclerosis-multiple/relaps/", "condition “sclerosis-multiple”", "/conditions/"),
        ("/questions/exosomes/any/relaps/", "outcome “relaps”", "/questions/exosomes/any/relapse/"),
        ("/questions/EXOSOMES/any/relapse/", "therapy “EXOSOMES”", "/questions/exosomes/any/relapse/"),
        ("/questions/any/any/relapse/", "“any” may stand for the condition only", "/therapies/"),
    ],
)
def test_an_unknown_part_is_named_with_near_ones(client: Client, path: str, named: str, near: str) -> None:
    factories.claim()
    response = client.get(path)
    assert response.status_code == 404
    assert named in response.content.decode()
    assert f'href="{near}"' in response.content.decode()


def test_each_unknown_part_is_named_with_near_ones(client: Client) -> None:
    factories.claim()
    factories.node(Outcome, "relapse-rate")
    response = client.get("/questions/exosome/any/relapses/")
    text = response.content.decode()
    assert response.status_code == 404
    assert "There is no therapy “exosome”. There is no outcome “relapses”." in text
    for slugs in (("exosomes", "relapse"), ("exosomes", "relapse-rate")):
        assert 'href="/questions/{}/any/{}/"'.format(*slugs) in text
    for tree in ("therapies", "outcomes"):
        assert f'href="/{tree}/"' in text


def test_a_near_part_beside_one_like_nothing_leads_to_its_own_page(client: Client) -> None:
    factories.claim()
    response = client.get("/questions/exosome/qqqq/zzzz/")
    text = response.content.decode()
    assert response.status_code == 404
    for named in ("therapy “exosome”", "condition “qqqq”", "outcome “zzzz”"):
        assert named in text
    assert 'href="/therapies/exosomes/"' in text
    assert "/questions/exosomes/" not in text


def test_a_synonym_finds_its_term(client: Client) -> None:
    factories.claim()
    factories.node(Therapy, "extracellular-vesicles", synonyms=["Small vesicles"])
    response = client.get("/questions/small-vesicle/any/relapse/")
    assert 'href="/questions/extracellular-vesicles/any/relapse/"' in response.content.decode()


@pytest.mark.parametrize("query", ["page=2", "sort=oldest", "nonsense=1", "effect=splendid", "outcome=walking"])
def test_what_has_no_meaning_here_is_refused_by_name(client: Client, query: str) -> None:
    factories.claim()
    factories.node(Outcome, "walking")
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert query.split("=")[0] in response.content.decode()


def test_a_filter_that_the_path_says_already_is_left_out_of_the_address(client: Client) -> None:
    cells = factories.node(Therapy, "cells")
    factories.claim(therapies=[factories.node(Therapy, "exosomes", cells)])
    response = client.get(f"{PAGE}?therapy=cells&therapy=exosomes&effect=beneficial&utm_source=x")
    assert (response.status_code, response.headers["Location"]) == (302, f"{PAGE}?effect=beneficial")


def test_narrowing_keeps_what_was_chosen() -> None:
    state = {"kind": ["review", "clinic_page"], "not_level": ["1"]}
    left = narrowed(state, {"kind": ("abstract", "review"), "not_level": ("2",), "effect": ("harmful",)})
    assert left == {"kind": ["review"], "not_level": ["1", "2"], "effect": ["harmful"]}


def test_names_are_text_and_may_be_long(client: Client) -> None:
    therapy = factories.node(Therapy, "odd", name="<b>" + "x" * 190)
    factories.claim(therapies=[therapy])
    text = page(client, "/questions/odd/any/relapse/")
    assert "<b>xxx" not in text
    assert "&lt;b&gt;xxx" in text


def test_ten_times_the_rows_add_no_query(client: Client) -> None:
    def grow(n: int) -> None:
        trial = StudyGroup.objects.create(name=f"Trial {n}")
        for i in range(n):
            factories.claim(factories.source(study_group=trial, study_group_relation="same_trial"), effect="mixed")
            promise(outcome=factories.node(Outcome, f"outcome-{i}", factories.node(Outcome, "relapse")))
            factories.claim(claim_type="harm_or_safety", effect="harmful")

    counts = []
    for n in (2, 20):
        grow(n)
        with CaptureQueriesContext(connection) as asked:
            page(client)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 25
