from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """The one app of the project: sources, claims and what may be compared."""

    name = "articles"
    verbose_name = "Knowledge base"
