"""Side by side: what stands in the table and its file, and the pages that help where the address is wrong."""

import csv
import html
import io
import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.actions import listings
from articles.models import Claim, Condition, Outcome, Publisher, Source, Therapy
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def therapies() -> dict[str, Therapy]:
    """Cells above stem cells above cord cells; exosomes with two kinds; eight apart."""
    cells = factories.node(Therapy, "cells", name="Cells")
    stem = factories.node(Therapy, "stem-cells", cells, name="Stem cells", synonyms=["MSC"])
    cord = factories.node(Therapy, "cord-cells", stem, name="Cord cells")
    apart = [factories.node(Therapy, f"apart-{i}", name=f"Apart {i}") for i in range(6)]
    return {node.slug: node for node in (cells, stem, cord, *apart)}


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def file_of(client: Client, query: str) -> list[dict[str, str]]:
    response = client.get(f"/compare.csv?{query}")
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(content, newline="")))


def clinic(name: str) -> Publisher:
    return Publisher.objects.create(name=name, slug=name.lower().replace(" ", "-"))


def promise(publisher: Publisher, **fields: str) -> Claim:
    source = factories.source(kind="clinic_page", publisher=publisher)
    given = {"quote_role": "promotional", "basis": "none", "wording": "guaranteed", "design": "", "subject": "none"}
    return factories.claim(source, **{**given, **fields})


def way(text: str, label: str) -> str:
    """Where the link with this text leads."""
    found = re.search(rf'<a href="([^"]*)">{re.escape(label)}</a>', text)
    assert found, label
    return found.group(1)


# --- The table


def test_a_claim_on_a_combination_stands_in_both_columns_and_counts_once(
    client: Client, therapies: dict[str, Therapy]
) -> None:
    claim = factories.claim(therapies=[therapies["cells"], therapies["apart-0"]])
    text = text_of(client, "/compare/?therapy=cells&therapy=apart-0")
    assert text.count(f'href="/claims/{claim.public_id}/"') == 2
    assert "<b>1</b> claim, each counted once; 1 of them stands in more than one column." in text
    assert "Cells and Apart 0: 1 claim stands in both columns, because they are about both." in text


def test_a_therapy_and_what_it_belongs_to_are_explained_and_never_added_up(
    client: Client, therapies: dict[str, Therapy]
) -> None:
    for slug in ("cord-cells", "stem-cells", "stem-cells", "cells", "apart-1"):
        factories.claim(therapies=[therapies[slug]])
    text = text_of(client, "/compare/?therapy=stem-cells&therapy=cells&therapy=apart-1")
    assert (
        "Everything about Stem cells also counts under Cells, which is wider: 3 claims stand in both columns." in text
    )
    assert "<b>5</b> claims, each counted once; 3 of them stand in more than one column." in text
    assert "Download CSV (8 rows)" in text


def test_columns_that_share_nothing_are_not_explained(client: Client, therapies: dict[str, Therapy]) -> None:
    for slug in ("cells", "apart-1"):
        factories.claim(therapies=[therapies[slug]])
    text = text_of(client, "/compare/?therapy=cells&therapy=apart-1")
    assert "in both columns" not in text
    assert "more than one column" not in text


def test_publishers_stand_side_by_side_with_all_their_pages(client: Client) -> None:
    one, other = clinic("Clinic one"), clinic("Clinic two")
    for publisher in (one, one, other):
        promise(publisher)
    promise(clinic("Clinic three"))
    text = text_of(client, "/compare/?publisher=clinic-one&publisher=clinic-two")
    assert "Compare 2 publishers" in text
    assert "<b>3</b> claims, each counted once." in text
    assert 'href="/publishers/clinic-one/">Clinic one</a> <span class="column-total">2 claims</span>' in text


def test_the_ladder_shows_how_sure_the_words_are_and_the_rule_what_stands_behind(
    client: Client, therapies: dict[str, Therapy]
) -> None:
    cells, apart = [therapies["cells"]], [therapies["apart-0"]]
    factories.claim(therapies=cells, wording="definite", design="animal_experiment", subject="animal")
    factories.claim(therapies=cells, wording="qualified", design="animal_experiment", subject="animal")
    factories.claim(therapies=apart, wording="definite")
    promise(clinic("Clinic"), therapies=apart, outcome=factories.node(Outcome, "pain"))
    text = text_of(client, "/compare/?therapy=cells&therapy=apart-0")
    ladders = [
        [tuple(step) for step in re.findall(r"<b>(\d)</b> <span>(\w+)", part)]
        for part in re.findall(r'<ol class="ladder".*?</ol>', text)
    ]
    words = ("speculative", "qualified", "definite", "guaranteed")
    assert ladders == [
        list(zip(counts, words, strict=True))
        for counts in (("0", "1", "1", "0"), ("0", "0", "1", "0"), ("0",) * 3 + ("1",))
    ]
    assert re.findall(r'<p class="sure-remark">([^<]*)</p>', text) == [
        "Stated as a fact; best evidence: level 5.",
        "Promised; no evidence offered.",
    ]
    assert "by one rule" in text
    assert re.findall(r"(\d) by sellers", text) == ["1"]


def test_a_study_that_is_cited_is_evidence_offered(client: Client, therapies: dict[str, Therapy]) -> None:
    cells, apart = [therapies["cells"]], [therapies["apart-0"]]
    promise(clinic("Clinic"), therapies=cells, wording="definite")
    factories.claim(therapies=cells, wording="definite", quote_role="background", basis="cites_review", design="")
    promise(clinic("Other clinic"), therapies=apart)
    text = text_of(client, "/compare/?therapy=cells&therapy=apart-0")
    levels = re.findall(r'Best evidence:</span> <a[^>]*href="/how-we-grade/#level-(\w+)"', text)
    assert levels == ["blank", "0"]
    assert re.findall(r'<p class="sure-remark">([^<]*)</p>', text) == ["Promised; no evidence offered."]


def test_a_cell_shows_every_effect_in_the_same_order(client: Client, therapies: dict[str, Therapy]) -> None:
    for slug in ("cells", "apart-0"):
        for effect in ("harmful", "beneficial", "no_difference", "beneficial"):
            factories.claim(therapies=[therapies[slug]], effect=effect)
    text = text_of(client, "/compare/?therapy=cells&therapy=apart-0")
    cells = text.split('<ul class="grid-claims">')[1:]
    for cell in cells:
        assert re.findall(r"grid-statement\"><span class=\"symbol effect-(\w+)", cell) == [
            "beneficial",
            "no_difference",
            "harmful",
        ]
    assert len(cells) == 2


def test_filters_are_said_in_words_and_each_can_be_taken_away(client: Client, therapies: dict[str, Therapy]) -> None:
    factories.claim(therapies=[therapies["cells"]], effect="harmful")
    text = text_of(client, "/compare/?therapy=cells&therapy=apart-0&effect=harmful&not_kind=review&year_min=1990")
    for words in ("Effect is Harmful", "Kind of source is not Review", "From 1990"):
        assert words in text
    removed = re.search(r'<a class="chip" href="([^"]*)"[^>]*><span[^>]*>Remove: </span>Effect is Harmful', text)
    assert removed
    assert removed.group(1) == "/compare/?not_kind=review&therapy=cells&therapy=apart-0&year_min=1990"
    assert 'href="/compare/?therapy=cells&therapy=apart-0">Compare all claims' in text


def test_filters_that_leave_nothing_say_so(client: Client, therapies: dict[str, Therapy]) -> None:
    factories.claim(therapies=[therapies["cells"]])
    text = text_of(client, "/compare/?therapy=cells&therapy=apart-0&effect=harmful")
    assert "None of these has a claim that meets all of this." in text
    assert "Download CSV" not in text


def test_sources_without_claims_have_an_empty_column_that_says_so(client: Client) -> None:
    bare, full = factories.source(title="Bare"), factories.claim().source
    text = text_of(client, f"/compare/?source={bare.pk}&source={full.pk}")
    assert f'No claim is held from <a href="{bare.get_absolute_url()}">Bare</a>: its column is empty.' in text


def test_a_merged_source_leads_to_the_one_it_became(client: Client) -> None:
    kept, other = factories.claim().source, factories.claim().source
    gone = factories.source(merged_into=kept)
    response = client.get(f"/compare/?source={gone.pk}&source={other.pk}&effect=beneficial")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/compare/?effect=beneficial&source={kept.pk}&source={other.pk}"
    text = text_of(client, f"/compare/?source={gone.pk}&source={kept.pk}&source={other.pk}", 400)
    assert f"{gone.pk} and {kept.pk} are one source, {kept.pk}." in text


def test_names_as_long_as_they_may_be_are_cut(client: Client) -> None:
    long = "Very " * 199
    sources = [factories.claim(factories.source(title=f"{long}{i}")).source for i in range(2)]
    text = text_of(client, f"/compare/?source={sources[0].pk}&source={sources[1].pk}")
    heads = re.findall(r'<th scope="col"><a [^>]*>([^<]*)</a>', text)
    assert [len(head) for head in heads] == [120, 120]


def test_the_address_to_share_is_printed_in_one_order(client: Client, therapies: dict[str, Therapy]) -> None:
    factories.claim(therapies=[therapies["cells"]])
    text = text_of(client, "/compare/?utm_source=x&therapy=cells&kind=abstract&therapy=apart-0")
    assert "http://testserver/compare/?kind=abstract&therapy=cells&therapy=apart-0<" in text


def test_the_chooser_works_without_a_script(client: Client, therapies: dict[str, Therapy]) -> None:
    factories.claim(therapies=[therapies["cells"]])
    promise(clinic("Clinic one"), therapies=[therapies["apart-0"]])
    clinic("Clinic without pages")
    text = text_of(client, "/compare/?effect=beneficial")
    for name, value in (("therapy", "cells"), ("therapy", "apart-0"), ("publisher", "clinic-one")):
        assert f'<input type="checkbox" name="{name}" value="{value}">' in text
    assert "clinic-without-pages" not in text
    assert "apart-1" not in text
    assert text.count('<input type="hidden" name="effect" value="beneficial">') == 2


def test_of_many_publishers_the_first_can_be_ticked_and_the_others_are_a_click_away(client: Client) -> None:
    for number in range(102):
        promise(clinic(f"Clinic {number:03}"))
    text = text_of(client, "/compare/")
    assert text.count('name="publisher"') == 100
    assert 'value="clinic-100"' not in text
    assert "The first 100 by name. The others are in the <a" in text
    assert way(text, "list of publishers") == "/publishers/"
    chosen = text_of(client, "/compare/?publisher=clinic-101&publisher=clinic-000")
    assert re.findall(r'name="publisher" value="([^"]*)" checked', chosen) == ["clinic-000", "clinic-101"]


def test_as_many_publishers_as_fit_are_all_there_is(client: Client) -> None:
    for number in range(100):
        promise(clinic(f"Clinic {number:03}"))
    text = text_of(client, "/compare/")
    assert text.count('name="publisher"') == 100
    assert "The first 100 by name" not in text


# --- Addresses that are wrong


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("therapy=cells&therapy=cells", "“Cells” is given twice"),
        ("therapy=" + "&therapy=".join(f"apart-{i}" for i in range(6)), "6 therapies are given: Apart 0; Apart 1;"),
        ("therapy=cells&therapy=snake-oil", "there is no therapy “snake-oil”"),
        ("publisher=one&publisher=two", "there is no publisher “one”"),
        ("source=1&source=abc", "there is no source “abc”"),
        ("source=1&source=" + "9" * 40, "there is no source “9999"),
        ("source=1&therapy=cells", "Therapies and sources cannot stand in one table"),
        ("therapy=cells&therapy=apart-0&nonsense=1", "“nonsense” is not a parameter"),
        ("therapy=cells&therapy=apart-0&sort=newest", "“sort” is for lists"),
        ("therapy=cells&therapy=apart-0&effect=good", "“good” is not one of its values"),
    ],
)
def test_what_is_wrong_is_named_also_for_the_file(
    client: Client, therapies: dict[str, Therapy], query: str, message: str
) -> None:
    for page in ("/compare/", "/compare.csv"):
        assert message in text_of(client, f"{page}?{query}", 400)


@pytest.mark.parametrize(
    ("query", "label", "mended"),
    [
        ("therapy=cells&therapy=apart-0&therapy=cells", "Compare Cells, Apart 0", "therapy=cells&therapy=apart-0"),
        (
            "therapy=" + "&therapy=".join(f"apart-{i}" for i in range(6)),
            "Compare the first 5",
            "therapy=" + "&therapy=".join(f"apart-{i}" for i in range(5)),
        ),
        ("therapy=stem-cell&therapy=apart-0", "“Stem cells” in its place", "therapy=stem-cells&therapy=apart-0"),
        ("therapy=apart-0&therapy=msc", "“Stem cells” in its place", "therapy=apart-0&therapy=stem-cells"),
        ("therapy=cells&therapy=xyz&therapy=apart-0", "Compare Cells, Apart 0", "therapy=cells&therapy=apart-0"),
        ("source=1&therapy=cells&therapy=apart-0", "Only the therapies (2)", "therapy=cells&therapy=apart-0"),
        (
            "therapy=cells&therapy=apart-0&effect=harmful&kind=x&sort=title&year_min=1990",
            "Go on without what was not understood",
            "effect=harmful&therapy=cells&therapy=apart-0&year_min=1990",
        ),
        (
            "therapy=cells&therapy=apart-0&effect=harmful&year_min=2000&year_max=1990",
            "Go on without what was not understood",
            "effect=harmful&therapy=cells&therapy=apart-0",
        ),
    ],
)
def test_a_link_mends_it(client: Client, therapies: dict[str, Therapy], query: str, label: str, mended: str) -> None:
    found = way(text_of(client, f"/compare/?{query}", 400), label)
    assert found == f"/compare/?{mended}"
    assert client.get(found).status_code == 200


def test_one_alone_is_a_beginning(client: Client, therapies: dict[str, Therapy]) -> None:
    for slug in ("cord-cells", "stem-cells", "apart-0"):
        factories.claim(therapies=[therapies[slug]])
    text = text_of(client, "/compare/?therapy=stem-cells")
    assert "Compare Stem cells with …" in text
    assert way(text, "Compare Stem cells, Cord cells") == "/compare/?therapy=stem-cells&therapy=cord-cells"
    assert way(text, "Compare Stem cells, Apart 0") == "/compare/?therapy=stem-cells&therapy=apart-0"
    assert way(text, "See Stem cells by itself") == "/therapies/stem-cells/"
    assert 'value="stem-cells" checked' in text
    assert "Apart 1" not in text
    assert client.get("/compare.csv?therapy=stem-cells").status_code == 400


def test_one_publisher_alone_is_offered_others(client: Client) -> None:
    for name in ("Clinic one", "Clinic two"):
        promise(clinic(name))
    text = text_of(client, "/compare/?publisher=clinic-one")
    assert way(text, "Compare Clinic one, Clinic two") == "/compare/?publisher=clinic-one&publisher=clinic-two"


def test_a_publisher_is_found_by_a_name_that_is_spelled_almost_so(client: Client) -> None:
    for number in range(8):
        promise(clinic(f"Cell Harbour {number}"))
    promise(clinic("Quite another"))
    clinic("Cell Harbour of no page")
    for typed in ("cel-harbour", "Cell%20Harbor", "HARBOUR"):
        text = text_of(client, f"/compare/?publisher={typed}&publisher=quite-another", 400)
        offered = re.findall(r"“([^”]*)” in its place", text)
        assert offered == [f"Cell Harbour {number}" for number in range(5)], typed
    text = text_of(client, "/compare/?publisher=harbour-6&publisher=quite-another", 400)
    assert re.findall(r"“([^”]*)” in its place", text)[:2] == ["Cell Harbour 6", "Cell Harbour 0"]
    text = text_of(client, "/compare/?publisher=xyz&publisher=quite-another", 400)
    assert "in its place" not in text


def test_what_is_excluded_is_not_there(client: Client) -> None:
    shown, hidden = factories.claim().source, factories.claim().source
    Source.objects.filter(pk=hidden.pk).update(curation_state="excluded", exclusion_reason="Not about it.")
    listings.refresh([hidden.pk])
    assert f"there is no source “{hidden.pk}”" in text_of(
        client, f"/compare/?source={shown.pk}&source={hidden.pk}", 400
    )


def test_nothing_chosen_has_no_file(client: Client) -> None:
    assert "Nothing is chosen to compare" in text_of(client, "/compare.csv", 400)


# --- The file


def test_the_file_holds_the_claims_of_the_table_each_once_a_column(
    client: Client, therapies: dict[str, Therapy]
) -> None:
    cells, apart = therapies["cells"], therapies["apart-0"]
    pain = factories.node(Outcome, "pain", name="Pain")
    both = factories.claim(therapies=[cells, apart])
    harm = factories.claim(therapies=[therapies["stem-cells"]], effect="harmful", outcome=pain)
    better = factories.claim(therapies=[apart], outcome=pain, design="case_series")
    best = factories.claim(therapies=[apart], outcome=pain)
    factories.claim(therapies=[therapies["apart-1"]])
    factories.claim(therapies=[cells], status="draft")
    rows = file_of(client, "therapy=cells&therapy=apart-0")
    assert list(rows[0])[:5] == ["compared", "compared_name", "agreement", "claim_id", "statement"]
    assert [tuple(row[name] for name in ("compared", "agreement", "claim_id")) for row in rows] == [
        ("cells", "differ", harm.public_id),
        ("apart-0", "differ", best.public_id),
        ("apart-0", "differ", better.public_id),
        ("cells", "same", both.public_id),
        ("apart-0", "same", both.public_id),
    ]
    assert [row["claim_id"] for row in file_of(client, "therapy=cells&therapy=apart-0&effect=harmful")] == [
        harm.public_id
    ]


def test_the_file_and_the_columns_of_the_page_count_the_same(client: Client, therapies: dict[str, Therapy]) -> None:
    for i in range(12):
        factories.claim(
            therapies=[therapies[("cord-cells", "cells", "apart-0")[i % 3]], therapies["apart-1"]][: 1 + i % 2],
            outcome=factories.node(Outcome, f"outcome-{i % 4}"),
            effect=("beneficial", "harmful", "mixed")[i % 3],
        )
    query = "therapy=stem-cells&therapy=cells&therapy=apart-1"
    counted = Counter(row["compared_name"] for row in file_of(client, query))
    text = text_of(client, f"/compare/?{query}")
    heads = re.findall(r'<th scope="col"><a [^>]*>([^<]*)</a> <span class="column-total">(\d+)', text)
    assert {name: int(n) for name, n in heads} == counted
    assert f"Download CSV ({counted.total()} rows)" in text


def test_names_in_the_file_cannot_run(client: Client) -> None:
    for name in ("=cmd()", "+1"):
        publisher = Publisher.objects.create(name=name, slug=f"clinic-{len(name)}")
        promise(publisher)
    rows = file_of(client, "publisher=clinic-6&publisher=clinic-2")
    assert [row["compared_name"] for row in rows] == ["'=cmd()", "'+1"]


# --- The number of queries


def crowd(rows: int) -> None:
    for i in range(rows):
        factories.claim(
            factories.source(
                kind="clinic_page", publisher=Publisher.objects.get_or_create(name=f"P{i}", slug=f"p{i}")[0]
            ),
            therapies=[Therapy.objects.get(slug=f"apart-{i % 6}"), Therapy.objects.get(slug="cells")],
            outcome=factories.node(Outcome, f"outcome-{i}"),
            condition=factories.node(Condition, f"condition-{i % 3}"),
        )


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        assert response.status_code == 200
        if response.streaming:
            b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return len(captured)


@pytest.mark.parametrize("page", ["/compare/", "/compare.csv"])
def test_neither_columns_nor_rows_ask_more_queries(client: Client, therapies: dict[str, Therapy], page: str) -> None:
    crowd(6)
    numbers = [str(pk) for pk in Source.objects.order_by("pk").values_list("pk", flat=True)]
    named = {"therapy": [f"apart-{i}" for i in range(5)], "publisher": [f"p{i}" for i in range(5)], "source": numbers}
    asked = {
        (name, n): f"{page}?" + "&".join(f"{name}={value}" for value in values[:n])
        for name, values in named.items()
        for n in (2, 5)
    }
    few = {key: queries_of(client, address) for key, address in asked.items()}
    for name in named:
        assert few[name, 2] == few[name, 5], name
    crowd(60)
    assert {key: queries_of(client, address) for key, address in asked.items()} == few
