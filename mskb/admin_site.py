"""The admin as the curators' desk: what waits comes first. Outside articles.admin, which registers with it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path

from articles.queries import curation, history


class CurationSite(AdminSite):
    """Django's admin site with the queues on its first page and the changes of everybody on another."""

    site_title = "mskb curation"
    site_header = "mskb curation"
    index_title = "What waits"
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("changes/", self.admin_view(self.changes), name="changes"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        seen = [queue for queue in curation.queues() if request.user.has_perm(f"articles.view_{queue.model}")]
        return super().index(request, {"queues": seen, **(extra_context or {})})

    def changes(self, request: HttpRequest) -> HttpResponse:
        """The newest changes, as far as the person may see the things that changed."""
        entries = [entry for entry in history.recent() if self._may_see(request, entry)]
        context = {**self.each_context(request), "title": "Recent changes", "entries": entries}
        return TemplateResponse(request, "admin/changes.html", context)

    @staticmethod
    def _may_see(request: HttpRequest, entry: history.Entry) -> bool:
        models = {change.whole[0]._meta.model_name for change in entry.changes}
        return all(request.user.has_perm(f"articles.view_{model}") for model in models)
