"""Curation in Django's admin: change pages that call actions, the queues, the upload, the imports."""

from articles.admin import claims, duplicates, publishers, runs, sources, trees

__all__ = ["claims", "duplicates", "publishers", "runs", "sources", "trees"]
