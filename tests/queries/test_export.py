"""The files: exactly the list's rows, safe to open in a spreadsheet."""

import csv
import io
from typing import Any

import pytest
from django.http import QueryDict

from articles.filters import ClaimFilter, SourceFilter
from articles.models import Identifier, Publisher, Therapy
from articles.queries.export import csv_blocks
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db

CLAIM_COLUMNS = (
    "claim_id,statement,effect,therapy,condition,outcome,quote,source_id,source_title,source_kind,pmid,doi,url"
)
SOURCE_COLUMNS = "source_id,title,kind,year,container,pmid,pmcid,doi,url,therapies,conditions,claim_count"


def file_of(filter_class: Any, query: str = "") -> bytes:
    return b"".join(csv_blocks(filter_class(QueryDict(query), Trees.load()).ordered()))


def rows_of(filter_class: Any, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file_of(filter_class, query).decode("utf-8-sig"), newline="")))


def test_the_columns_of_the_contract_come_first() -> None:
    assert file_of(ClaimFilter).startswith(b"\xef\xbb\xbf" + CLAIM_COLUMNS.encode() + b",")
    assert file_of(SourceFilter).startswith(b"\xef\xbb\xbf" + SOURCE_COLUMNS.encode() + b",")


def test_a_claim_row_holds_real_identifiers_and_words() -> None:
    clinic = Publisher.objects.create(name="A clinic", slug="a-clinic")
    source = factories.source(title='Cells, "new" and old\nsecond line', kind="clinic_page", publisher=clinic)
    Identifier.objects.create(source=source, scheme="pmid", value="12345678")
    Identifier.objects.create(source=source, scheme="doi", value="10.1000/x")
    both = [factories.node(Therapy, "msc", name="Mesenchymal cells"), factories.node(Therapy, "exosomes")]
    claim = factories.claim(source, therapies=both, n=12)
    (row,) = rows_of(ClaimFilter)
    assert row["claim_id"] == claim.public_id
    assert row["therapy"] == "Mesenchymal cells; Exosomes"
    assert row["source_title"] == 'Cells, "new" and old\nsecond line'
    assert (row["pmid"], row["doi"], row["url"]) == ("12345678", "10.1000/x", "https://doi.org/10.1000/x")
    assert (row["evidence_level"], row["n"], row["quote"]) == ("2", "12", "Fewer relapses were seen")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_would_run_is_defused(start: str) -> None:
    source = factories.source(title=f"{start}HYPERLINK(1)", container=f"{start}1+1")
    factories.claim(source, statement=f"{start}cmd|' /C calc'!A0", therapy_as_written="x")
    (row,) = rows_of(ClaimFilter)
    assert row["statement"].startswith("'" + start)
    assert row["source_title"].startswith("'" + start)
    (row,) = rows_of(SourceFilter)
    assert row["title"].startswith("'" + start)
    assert row["container"].startswith("'" + start)


def test_negative_looking_figures_inside_a_cell_stay() -> None:
    factories.claim(statement="It fell by -1.2 points = a third")
    assert rows_of(ClaimFilter)[0]["statement"] == "It fell by -1.2 points = a third"


def test_the_file_has_the_rows_of_the_list_in_its_order() -> None:
    for year in (2001, None, 2019, 2010):
        factories.claim(factories.source(year=year))
    factories.claim(status="draft")
    filters = ClaimFilter(QueryDict("sort=oldest"), Trees.load())
    assert [row["claim_id"] for row in rows_of(ClaimFilter, "sort=oldest")] == [
        row.claim.public_id for row in filters.ordered().select_related("claim")
    ]
    assert [row["year"] for row in rows_of(ClaimFilter, "sort=oldest")] == ["2001", "2010", "2019", ""]


def test_a_search_gives_its_best_match_first() -> None:
    weak = factories.claim(statement="The source reports pain.")
    strong = factories.claim(statement="Relapse after relapse after relapse.")
    assert [row["claim_id"] for row in rows_of(ClaimFilter, "q=relapses")] == [strong.public_id, weak.public_id]
    assert len(rows_of(SourceFilter, "q=infection")) == 2


def test_a_source_without_claims_is_in_its_list() -> None:
    source = factories.source()
    factories.claim()
    factories.claim(source, status="draft")
    assert {row["claim_count"] for row in rows_of(SourceFilter)} == {"0", "1"}


def test_what_databases_say_of_a_source_is_in_its_row() -> None:
    source = factories.source(
        trial_ids=["nct:NCT01194570", "isrctn:ISRCTN12345678"],
        original_title="=Células",
        mesh_headings=["Pain/*therapy"],
        keywords=["pain", "cells"],
    )
    factories.claim(source)
    (row,) = rows_of(SourceFilter)
    assert row["trial_ids"] == "nct:NCT01194570; isrctn:ISRCTN12345678"
    assert row["original_title"] == "'=Células"
    assert (row["mesh_headings"], row["keywords"]) == ("Pain/*therapy", "pain; cells")
