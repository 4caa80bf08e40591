"""The evidence map as a page, as a file and as a picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from articles.exporters import svg_map, table_csv
from articles.exporters.csv import CONTENT_TYPE as CSV
from articles.lib import vocabulary as vocab
from articles.queries import map_export
from articles.queries.evidence_map import AXES, MOST_COLUMNS, MOST_ROWS, EvidenceMap
from articles.queries.evidence_map import evidence_map as mapped
from articles.queries.independence import Cell
from articles.queries.map_heads import Head, Side
from articles.templatetags.evidence_map import counted, nouns
from articles.views.errors import bad_request
from articles.views.listing import Chip, State, address, in_words, less
from articles.views.map_address import Asked, Links, asked, folded
from articles.views.map_form import form
from articles.views.map_picture import picture

NAMED_GAPS = 4


@dataclass(frozen=True)
class Place:
    """A cell of the page: where it stands, what is in it and where it leads."""

    column: Head
    cell: Cell
    href: str


@dataclass(frozen=True)
class Line:
    """A row of the page."""

    head: Head
    href: str
    margin: Cell
    fold: str
    places: list[Place]

    @property
    def gaps(self) -> int:
        """In how many columns nothing was found; what has no date is not counted."""
        return sum(not place.cell.claims for place in self.places if not place.column.is_undated)


@dataclass(frozen=True)
class Title:
    """The head of a column, or of several that belong together."""

    head: Head
    href: str
    margin: Cell
    parts: list["Title"]


def evidence_map(request: HttpRequest) -> HttpResponse:
    """Therapies by outcomes, or what else the address puts into rows and columns."""
    wanted = asked(request)
    if wanted.problems:
        return bad_request(request, wanted.problems)
    found = _map(wanted)
    links = Links(wanted.listed, wanted.shape)
    columns = found.columns.shown[:MOST_COLUMNS]
    titles = _titles(found, columns, links)
    words = nouns(wanted.shape.columns, wanted.shape.is_by_domain)
    context = {
        "map": found,
        "axes": AXES,
        "lines": list(islice(_lines(found, columns, links, wanted), MOST_ROWS)),
        "titles": titles,
        "columns": columns,
        "column_words": words[1],
        "column_count": counted(sum(not column.is_undated for column in columns), *words),
        "has_groups": any(title.parts for title in titles),
        "whole": links.list_of(),
        "whole_cell": found.whole,
        "effects": list(vocab.Effect),
        "most_rows": MOST_ROWS,
        "most_columns": MOST_COLUMNS,
        "row_gaps": _named(found.rows),
        "column_gaps": _named(found.columns),
        "chips": [
            Chip(text, address(request.path, less(wanted.state, name, value)))
            for text, name, value in in_words(wanted.filters)
        ],
        "filters": wanted.filters,
        "shape": wanted.shape,
        "is_selective": wanted.is_selective,
        "form": form(wanted, found),
        **_addresses(request.path, wanted),
    }
    return render(request, "articles/map.html", context)


def map_csv(request: HttpRequest) -> HttpResponseBase:
    """Every cell of the map, of rows and columns that the page has no room for too."""
    wanted = asked(request)
    if wanted.problems:
        return bad_request(request, wanted.problems, clear=reverse("map"))
    blocks = table_csv.blocks(map_export.COLUMNS, map_export.records(_map(wanted)))
    return _file(StreamingHttpResponse(blocks, content_type=CSV), "csv")


def map_svg(request: HttpRequest) -> HttpResponseBase:
    """The map as a picture."""
    wanted = asked(request)
    if wanted.problems:
        return bad_request(request, wanted.problems, clear=reverse("map"))
    page = request.build_absolute_uri(address(reverse("map"), wanted.state))
    drawn = picture(_map(wanted), wanted, page)
    return _file(HttpResponse("".join(svg_map.blocks(drawn)), content_type=svg_map.CONTENT_TYPE), "svg")


def _file(response: HttpResponseBase, ending: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="mskb-map-{timezone.now():%Y-%m-%d}.{ending}"'
    return response


def _map(wanted: Asked) -> EvidenceMap:
    filters = wanted.filters
    return mapped(filters.qs, filters.trees, wanted.shape, filters.chosen, filters.excluded)


def _lines(found: EvidenceMap, columns: list[Head], links: Links, wanted: Asked) -> Iterator[Line]:
    path = reverse("map")
    for row in found.rows.shown:
        cells = ((column, found.cell(row, column)) for column in columns)
        yield Line(
            row,
            links.list_of(row),
            found.table.cell(row=row.key),
            address(path, folded(wanted.state, row, found.depth)) if row.narrower else "",
            [Place(column, cell, links.cell(row, column) if cell.claims else "") for column, cell in cells],
        )


def _titles(found: EvidenceMap, columns: list[Head], links: Links) -> list[Title]:
    def title(head: Head, parts: list[Head]) -> Title:
        below = [title(part, []) for part in parts] if len(parts) > 1 else []
        return Title(head, links.list_of(column=head), found.table.cell(column=head.key), below)

    shown = Side(found.columns.name, columns, [])
    return [title(top, heads) for top, heads in shown.groups]


def _named(side: Side) -> str:
    """The names of those about which nobody claims anything, if they are few."""
    return ", ".join(head.name for head in side.silent) if len(side.silent) <= NAMED_GAPS else ""


def _addresses(path: str, wanted: Asked) -> dict[str, str]:
    """Other views of this map."""
    state, shape = wanted.state, wanted.shape
    flipped = {name: values for name, values in state.items() if name not in ("rows", "columns", "open", "shut")}
    toggled = less(state, "gaps", "1") if shape.has_gaps else state | {"gaps": ["1"]}
    by_domain = less(state, "domains", "1") if shape.is_by_domain else state | {"domains": ["1"]}
    return {
        "csv": address(reverse("map_csv"), state),
        "svg": address(reverse("map_svg"), state),
        "flipped": address(path, flipped | {"rows": [shape.columns], "columns": [shape.rows]}),
        "gaps": address(path, toggled),
        "by_domain": address(path, by_domain),
        "folded": address(path, _refolded(state) | {"depth": ["1"]}),
    }


def _refolded(state: State) -> State:
    return {name: values for name, values in state.items() if name not in ("open", "shut", "depth")}
