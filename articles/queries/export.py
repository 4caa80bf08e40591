"""The rows of the files: exactly those of the list with the same query string, in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import CharField, F, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf

from articles.exporters import csv
from articles.exporters.csv import Column
from articles.models import ClaimListing, ClaimTherapy, Identifier, SourceListing

SEPARATOR = "; "


@dataclass(frozen=True)
class Cell:
    """A column of a file and the expression over the listing row that fills it."""

    column: Column
    expression: Combinable


def _text(name: str, expression: Combinable | str) -> Cell:
    return Cell(Column(name), F(expression) if isinstance(expression, str) else expression)


def _plain(name: str, expression: Combinable | str) -> Cell:
    """A number, or a word of a vocabulary: nothing a person typed."""
    return Cell(Column(name, is_text=False), F(expression) if isinstance(expression, str) else expression)


def _identifier(scheme: str) -> Subquery:
    found = Identifier.objects.filter(source=OuterRef("source_id"), scheme=scheme).order_by("value")
    return Subquery(found.values("value")[:1], output_field=CharField())


def _address() -> Coalesce:
    """Where the source can be read: its own address, else its DOI's, else PubMed's."""
    doi, pmid = Identifier.objects.filter(scheme="doi"), Identifier.objects.filter(scheme="pmid")
    of_source = {"source": OuterRef("source_id")}
    linked = [
        Subquery(rows.filter(**of_source).order_by("value").values(link=_joined(prefix, "value"))[:1])
        for rows, prefix in ((doi, "https://doi.org/"), (pmid, "https://pubmed.ncbi.nlm.nih.gov/"))
    ]
    return Coalesce(_identifier("url"), *linked, output_field=CharField())


def _joined(prefix: str, field: str) -> Func:
    return Func(Value(prefix), F(field), function="concat", output_field=CharField())


def _claim_therapies(field: str) -> Subquery:
    tagged = ClaimTherapy.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
    joined = tagged.annotate(joined=StringAgg(f"therapy__{field}", SEPARATOR, order_by=("position", "pk")))
    return Subquery(joined.values("joined"), output_field=TextField())


def _names(table: str, ids: str) -> Func:
    """The names of the nodes whose ids stand in an array column, in alphabetical order."""
    return Func(
        F(ids),
        template=f"(SELECT string_agg(name, '{SEPARATOR}' ORDER BY name) FROM {table} WHERE id = ANY(%(expressions)s))",
        output_field=TextField(),
    )


def _list(field: str) -> Func:
    return Func(F(field), Value(SEPARATOR), function="array_to_string", output_field=TextField())


CLAIM_ID = Func(
    Cast(F("claim_id"), CharField()),
    template="'C-' || lpad(%(expressions)s, greatest(6, length(%(expressions)s)), '0')",
    output_field=CharField(),
)

CLAIMS: tuple[Cell, ...] = (
    _plain("claim_id", CLAIM_ID),
    _text("statement", "claim__statement"),
    _plain("effect", "effect"),
    _text("therapy", _claim_therapies("name")),
    _text("condition", "condition__name"),
    _text("outcome", "outcome__name"),
    _text("quote", "claim__quote"),
    _plain("source_id", "source_id"),
    _text("source_title", "source__title"),
    _plain("source_kind", "kind"),
    _text("pmid", _identifier("pmid")),
    _text("doi", _identifier("doi")),
    _text("url", _address()),
    _plain("year", "year"),
    _text("container", "source__container"),
    _text("publisher", "source__publisher__name"),
    _plain("publisher_interest", "interest"),
    _plain("publication_status", "publication_status"),
    _plain("text_basis", "text_basis"),
    _plain("claim_type", "claim_type"),
    _plain("quote_role", "role"),
    _plain("wording", "wording"),
    _plain("basis", "basis"),
    _plain("evidence_level", NullIf(F("level"), Value(""))),
    _plain("design", "design"),
    _plain("subject", "subject"),
    _plain("n", "claim__n"),
    _text("follow_up", "claim__follow_up"),
    _text("route_and_dose", "claim__route_and_dose"),
    _text("effect_text", "claim__effect_text"),
    _plain("not_reported", _list("claim__not_reported")),
    _plain("comparator", "claim__comparator"),
    _plain("disclosures", _list("claim__disclosures")),
    _text("therapy_slugs", _claim_therapies("slug")),
    _text("condition_slug", "condition__slug"),
    _text("outcome_slug", "outcome__slug"),
    _plain("quote_start", "claim__start"),
    _plain("quote_end", "claim__end"),
    _plain("source_version", "claim__version__number"),
)

SOURCES: tuple[Cell, ...] = (
    _plain("source_id", "source_id"),
    _text("title", "source__title"),
    _plain("kind", "kind"),
    _plain("year", "year"),
    _text("container", "source__container"),
    _text("pmid", _identifier("pmid")),
    _text("pmcid", _identifier("pmcid")),
    _text("doi", _identifier("doi")),
    _text("url", _address()),
    _text("therapies", _names("articles_therapy", "therapy_ids")),
    _text("conditions", _names("articles_condition", "condition_ids")),
    _plain("claim_count", "claim_count"),
    _text("publisher", "source__publisher__name"),
    _plain("publisher_interest", "interest"),
    _plain("publication_status", "publication_status"),
    _plain("text_basis", "text_basis"),
    _plain("month", "source__month"),
    _plain("day", "source__day"),
    _text("season", "source__season"),
    _text("volume", "source__volume"),
    _text("issue", "source__issue"),
    _text("pages", "source__pages"),
    _text("language", "source__language"),
)

CELLS = {ClaimListing: CLAIMS, SourceListing: SOURCES}


def select(ordered: QuerySet) -> tuple[str, tuple[Any, ...]]:
    """The SELECT that yields the columns of the file for the listing rows, and its parameters."""
    expressions = {f"cell_{i}": cell.expression for i, cell in enumerate(CELLS[ordered.model])}
    return ordered.annotate(**expressions).values_list(*expressions).query.sql_with_params()


def csv_blocks(ordered: QuerySet) -> Iterator[bytes]:
    """The file in blocks as the server sends them. An error in the middle breaks the stream, so that the reader notices."""
    rows, parameters = select(ordered)
    statement = csv.copy_statement(rows, [cell.column for cell in CELLS[ordered.model]])
    yield csv.BOM
    with connection.cursor() as cursor, cursor.cursor.copy(statement, parameters) as copied:
        for block in copied:
            yield bytes(block)
