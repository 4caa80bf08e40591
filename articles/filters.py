"""The query parameters of the lists: what is allowed, and the rows they leave.

Lists, facets, exports, map and comparison all go through these two filter sets, so one address means one set of rows.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import QueryDict

from articles.models import ClaimListing, SourceListing
from articles.queries import search
from articles.queries.facets import BY_NAME, FACETS, Facet, FacetCounts, count
from articles.queries.trees import Trees

MAX_QUERY = 500
YEARS = (1000, 9999)
NOT = "not_"
PAGE_PARAMETERS = ("page",)
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "relevance": "Best match first",
    "title": "Title A to Z",
    "added": "Last added first",
}
NO_ORDER = {"invalid_choice": f"“%(value)s” is not an order. Choose one of {', '.join(SORTS)}."}
ORDERS = {
    "newest": [F("year").desc(nulls_last=True), "-pk"],
    "oldest": [F("year").asc(nulls_last=True), "pk"],
    "title": ["source__title", "pk"],
    "added": ["-pk"],
}


class FacetField(forms.MultipleChoiceField):
    """Says which value is wrong and where the allowed ones stand."""

    def to_python(self, value: list[str]) -> list[str]:
        """The values without blanks, which an empty form sends, and without repeats."""
        return [item for item in dict.fromkeys(super().to_python(value)) if item]

    def validate(self, value: list[str]) -> None:
        allowed = {choice for choice, _ in self.choices}
        for item in value:
            if item not in allowed:
                raise ValidationError(
                    "“%(value)s” is not one of its values.", code="invalid_choice", params={"value": item[:80]}
                )


class FacetFilter(django_filters.MultipleChoiceFilter):
    """Rows that have one of the chosen values; descendants of a tree's node included."""

    field_class = FacetField

    def __init__(self, facet: Facet, *, exclude: bool) -> None:
        super().__init__(field_name=facet.name, label=facet.label, exclude=exclude, choices=())
        self.facet = facet

    def filter(self, rows: QuerySet, values: list[str]) -> QuerySet:
        if not values:
            return rows
        condition = self.facet.condition(rows.model, values, self.parent.trees)
        return rows.exclude(condition) if self.exclude else rows.filter(condition)


class YearFilter(django_filters.Filter):
    """A year in four digits."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        wrong = dict.fromkeys(("invalid", "min_value", "max_value"), "Give a year in four digits, such as 2019.")
        super().__init__(min_value=YEARS[0], max_value=YEARS[1], error_messages=wrong, **options)


class ListFilter(django_filters.FilterSet):
    """What both lists understand. A parameter given twice means OR, different ones AND, `not_` excludes."""

    q = django_filters.CharFilter(label="Search", method="search", max_length=MAX_QUERY)
    year_min = YearFilter(field_name="year", lookup_expr="gte", label="From year")
    year_max = YearFilter(field_name="year", lookup_expr="lte", label="To year")
    sort = django_filters.ChoiceFilter(
        label="Order", method="unsorted", choices=tuple(SORTS.items()), error_messages=NO_ORDER
    )

    listing: type[ClaimListing] | type[SourceListing]

    def __init__(self, data: QueryDict, trees: Trees) -> None:
        self.trees = trees
        super().__init__(data=data, queryset=self.listing.objects.all())
        for name, facet in BY_NAME.items():
            choices = facet.choices(trees)
            self.filters[name].extra["choices"] = choices
            self.filters[NOT + name].extra["choices"] = choices

    @classmethod
    def get_filters(cls) -> Mapping[str, django_filters.Filter]:
        filters = super().get_filters()
        for facet in FACETS:
            filters[facet.name] = FacetFilter(facet, exclude=False)
            filters[NOT + facet.name] = FacetFilter(facet, exclude=True)
        return filters

    def search(self, rows: QuerySet, name: str, words: str) -> QuerySet:
        return search.matching(rows, words)

    def unsorted(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Order is applied last, by `ordered`."""
        return rows

    @property
    def values(self) -> dict[str, Any]:
        """Each parameter's value, cleaned."""
        _ = self.form.errors  # Asking for them is what cleans the form.
        return self.form.cleaned_data

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The facet values chosen, by facet, in the order of the facets."""
        return {facet.name: values for facet in FACETS if (values := self.values[facet.name])}

    @property
    def excluded(self) -> dict[str, list[str]]:
        """The facet values excluded, by facet."""
        return {facet.name: values for facet in FACETS if (values := self.values[NOT + facet.name])}

    @property
    def words(self) -> str:
        return self.values["q"]

    @property
    def order(self) -> str:
        """The order asked for, else best match for a search and newest without one."""
        return self.values["sort"] or ("relevance" if self.words else "newest")

    def ordered(self) -> QuerySet:
        """The rows in the order asked for, which always ends in the primary key."""
        if self.order == "relevance" and self.words:
            return search.ranked(self.qs, self.words)
        return self.qs.order_by(*ORDERS.get(self.order, ORDERS["newest"]))

    def counts(self) -> FacetCounts:
        """The length of the list and of each list one choice away."""
        return count(self._without_chosen(), self.chosen, self.trees)

    def _without_chosen(self) -> QuerySet:
        rows = self.queryset.all()
        for name, value in self.values.items():
            if name not in BY_NAME:
                rows = self.filters[name].filter(rows, value)
        return rows

    def problems(self) -> list[str]:
        """One sentence per parameter or value that is not understood; empty where all is well."""
        return [*self._unknown_parameters(), *self._repeated_parameters(), *self._invalid_values()]

    def _unknown_parameters(self) -> Iterator[str]:
        for name in self.data:
            if name not in self.filters and name not in PAGE_PARAMETERS:
                yield not_known(name)

    def _repeated_parameters(self) -> Iterator[str]:
        """Only facets may be given several times; of two searches or years one would be passed over in silence."""
        for name in (*self.filters, *PAGE_PARAMETERS):
            if name.removeprefix(NOT) not in BY_NAME and len(set(self.data.getlist(name))) > 1:
                yield f"{name}: given more than once."

    def _invalid_values(self) -> Iterator[str]:
        for name, errors in self.form.errors.items():
            yield from (f"{name}: {error}" for error in errors)
        first, last = self.values.get("year_min"), self.values.get("year_max")
        if first and last and first > last:
            yield f"year_min: {first} is later than year_max, {last}."


class ClaimFilter(ListFilter):
    """The list of claims."""

    listing = ClaimListing


class SourceFilter(ListFilter):
    """The list of sources. Each claim facet asks for some claim of the source that has the value."""

    listing = SourceListing


def not_known(name: str) -> str:
    """The sentence about a parameter that the page does not have."""
    return f"“{name[:80]}” is not a parameter that is known here."


def parameters(filters: ListFilter) -> dict[str, list[str]]:
    """Everything the address of a list holds but the page, without blanks and repeats."""
    listed = {name: [value for value in dict.fromkeys(filters.data.getlist(name)) if value] for name in filters.filters}
    return {name: values for name, values in listed.items() if values}
