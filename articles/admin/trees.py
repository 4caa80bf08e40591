"""The trees of therapies, conditions and outcomes."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.actions import vocabularies
from articles.admin.base import CurationAdmin
from articles.forms import TreeForm
from articles.models import Condition, Node, Outcome, Therapy


@admin.register(Therapy, Condition, Outcome)
class TreeAdmin(CurationAdmin):
    """A term with its synonyms and its place. Its slug stands in addresses, so it is set once."""

    form = TreeForm
    list_display = ("name", "parent", "synonyms_shown", "slug")
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "synonyms")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("name", "pk")
    readonly_fields = ("parts",)

    def get_readonly_fields(self, request: HttpRequest, obj: Node | None = None) -> tuple[str, ...]:
        return ("slug", "parts") if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Node | None = None) -> dict[str, tuple[str, ...]]:
        return {} if obj else {"slug": ("name",)}

    def save_model(self, request: HttpRequest, obj: Node, form: TreeForm, change: bool) -> None:
        vocabularies.save_node(by=request.user, node=obj)

    @admin.display(description="synonyms")
    def synonyms_shown(self, node: Node) -> str:
        return ", ".join(node.synonyms)

    @admin.display(description="terms below")
    def parts(self, node: Node) -> SafeString | str:
        below: QuerySet[Node] = node.children.order_by("name", "pk")
        links = [format_html("<a href='{}'>{}</a>", _address(child), child) for child in below]
        return SafeString(", ".join(links)) if links else "none"


def _address(node: Node) -> str:
    return reverse(f"admin:articles_{node._meta.model_name}_change", args=[node.pk])
