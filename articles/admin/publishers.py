"""Publishers and study groups: who stands behind sources."""

from django.contrib import admin

from articles.admin.base import CurationAdmin
from articles.models import Publisher, StudyGroup


@admin.register(Publisher)
class PublisherAdmin(CurationAdmin):
    """A clinic, a company, a journal's house."""

    list_display = ("name", "url")
    search_fields = ("name", "url")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(StudyGroup)
class StudyGroupAdmin(CurationAdmin):
    """The trial or cohort behind several sources."""

    list_display = ("name", "note")
    search_fields = ("name", "note")
    ordering = ("name",)
