"""Curation in Django's admin: change pages that call actions, the queues, the upload, the imports."""

from articles.admin import assessments, claims, duplicates, publishers, relations, runs, sources, trees

__all__ = ["assessments", "claims", "duplicates", "publishers", "relations", "runs", "sources", "trees"]
