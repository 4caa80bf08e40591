"""For machines: those that watch the service and those that read the site."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

TEXT = "text/plain; charset=utf-8"


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type=TEXT)


def readyz(request: HttpRequest) -> HttpResponse:
    """The database is reachable and migrated; HTTP 503 with the reason where it is not."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return HttpResponse("not ready: the database cannot be reached\n", content_type=TEXT, status=503)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return HttpResponse("not ready: migrations are waiting\n", content_type=TEXT, status=503)
    return HttpResponse("ready\n", content_type=TEXT)


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: pages, but neither the admin nor the endless combinations of filters."""
    return HttpResponse("User-agent: *\nDisallow: /admin/\nDisallow: /*?\n", content_type=TEXT)
