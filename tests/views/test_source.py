"""The page of a source: the facts that databases give, and the publications it is linked with."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.models import Identifier, LinkedPublication, Source
from tests import factories

pytestmark = pytest.mark.django_db


def link(source: Source, relation: str, **fields: str) -> LinkedPublication:
    return LinkedPublication.objects.create(
        source=source, position=source.links.count() + 1, relation=relation, **fields
    )


def page(client: Client, source: Source) -> str:
    return re.sub(r"\s+", " ", client.get(source.get_absolute_url()).content.decode())


def with_other_texts(**fields: Any) -> Source:
    source = factories.source(**fields)
    source.current_version = factories.version(
        source,
        other_texts=[
            {"part": "title", "language": "es", "label": "", "text": "Células para el dolor"},
            {"part": "abstract", "language": "es", "label": "", "text": "Primero.\n\nDespués <b>."},
            {"part": "abstract", "language": "", "label": "plain-language-summary", "text": "In short."},
        ],
    )
    source.save()
    return source


def test_facts_of_the_databases_are_shown(client: Client) -> None:
    source = factories.source(
        original_title="Células para el dolor",
        language="es",
        trial_ids=["nct:NCT01194570", "somewhere 12"],
        mesh_headings=["Pain/*therapy", "Humans"],
        keywords=[f"word {number}" for number in range(9)],
        grants=["R01 of the institute"],
        conflict_of_interest="None <declared>.",
    )
    html = page(client, source)
    assert 'lang="es" dir="auto">Células para el dolor' in html
    assert '<a href="https://clinicaltrials.gov/study/NCT01194570"' in html
    assert "somewhere 12" in html
    assert "Pain/*therapy; Humans" in html
    assert "<summary>9 keywords</summary>" in html
    assert "R01 of the institute" in html
    assert "None &lt;declared&gt;." in html


def test_the_format_and_the_tags_of_the_file_are_called_what_they_are(client: Client) -> None:
    source = factories.source()
    source.current_version = factories.version(
        source, origin_format="nbib", raw_record={"TA": "J", "mesh_date": "2020"}
    )
    source.save()
    html = page(client, source)
    assert "MEDLINE text" in html
    assert "<dt>TA</dt>" in html
    assert "<dt>Mesh date</dt>" in html


def test_other_languages_are_kept_apart_and_named(client: Client) -> None:
    html = page(client, with_other_texts())
    for shown in ("Title in Spanish", "Abstract in Spanish", "Abstract (plain-language-summary)", "Después &lt;b&gt;."):
        assert shown in html, shown
    assert '<div lang="es" dir="auto"><p>Primero.</p>' in html


def test_no_abstract_is_shown_where_the_licence_allows_no_text(client: Client) -> None:
    html = page(client, with_other_texts(is_whole_text_shown=False))
    assert "Title in Spanish" in html
    assert "Primero." not in html


def test_a_retraction_stands_at_the_top_with_its_notice(client: Client) -> None:
    source = factories.source(publication_status="retracted", status_notice="Data were made up.")
    link(source, "retraction_in", citation="J Retractions. 2021;1:2", pmid="123")
    html = page(client, source)
    banner = html.split('class="status-banner"')[1].split("</div>")[0]
    assert "Retracted." in banner
    assert '<b>Retracted by:</b> <a href="https://pubmed.ncbi.nlm.nih.gov/123/"' in banner
    assert html.index('class="status-banner"') < html.index("<h1")


def test_a_linked_publication_leads_here_where_it_is_held(client: Client) -> None:
    source, notice = factories.source(), factories.source(title="The erratum")
    excluded = factories.source(curation_state="excluded", exclusion_reason="no")
    Identifier.objects.create(source=notice, scheme="pmid", value="123")
    Identifier.objects.create(source=excluded, scheme="pmid", value="124")
    link(source, "erratum_in", citation="Held", pmid="123")
    link(source, "comment_in", citation="Not for readers", pmid="124")
    link(source, "comment_in", citation="By its DOI", doi="10.1000/x")
    link(source, "other", citation="Only <i>printed</i>")
    html = page(client, source).split('id="linked"')[1]
    assert f'<b>Corrected by:</b> <a href="{notice.get_absolute_url()}">Held</a>' in html
    assert '<a href="https://pubmed.ncbi.nlm.nih.gov/124/" rel="noopener external nofollow">Not for readers' in html
    assert '<a href="https://doi.org/10.1000/x" rel="noopener external nofollow">By its DOI' in html
    assert "Only &lt;i&gt;printed&lt;/i&gt;" in html


def test_the_page_asks_no_more_queries_for_more_of_everything(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source, other = factories.source(), factories.source()
    Identifier.objects.create(source=other, scheme="pmid", value="100")
    link(source, "comment_in", citation="A", pmid="100")
    factories.claim(source)
    with django_assert_num_queries(11):
        client.get(source.get_absolute_url())
    for number in range(101, 112):
        Identifier.objects.create(source=factories.source(), scheme="pmid", value=str(number))
        link(source, "comment_in", citation="A", pmid=str(number))
        factories.claim(source)
    Source.objects.filter(pk=source.pk).update(trial_ids=["nct:NCT01194570"] * 9, keywords=["a"] * 30)
    with django_assert_num_queries(11):
        client.get(source.get_absolute_url())
