"""Publishers and study groups: who stands behind sources."""

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from articles.actions import publishers
from articles.admin.base import CurationAdmin
from articles.models import Publisher, StudyGroup


@admin.register(Publisher)
class PublisherAdmin(CurationAdmin):
    """A clinic, a company, a journal's house."""

    list_display = ("name", "url")
    search_fields = ("name", "url")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def save_model(self, request: HttpRequest, obj: Publisher, form: ModelForm, change: bool) -> None:
        publishers.save_publisher(by=request.user, publisher=obj)


@admin.register(StudyGroup)
class StudyGroupAdmin(CurationAdmin):
    """The trial or cohort behind several sources."""

    list_display = ("name", "note")
    search_fields = ("name", "note")
    ordering = ("name",)

    def save_model(self, request: HttpRequest, obj: StudyGroup, form: ModelForm, change: bool) -> None:
        publishers.save_study_group(by=request.user, group=obj)
