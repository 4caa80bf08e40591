"""Curation in Django's admin: change pages that call actions, the queues, the upload."""

from articles.admin import claims, publishers, sources, trees

__all__ = ["claims", "publishers", "sources", "trees"]
