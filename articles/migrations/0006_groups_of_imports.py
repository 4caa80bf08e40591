"""What the groups may do with imports, suggested tags and likely duplicates: reviewers look, curators work."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SEEN = ("view_importrun", "view_importentry", "view_tagsuggestion", "view_duplicatepair")
GROUPS = {
    "Curator": (*SEEN, "add_importrun", "undo_importrun", "change_tagsuggestion", "change_duplicatepair"),
    "Reviewer": SEEN,
}


def add_rights(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Django makes permissions only after all migrations, so they are made here first."""
    app = apps.get_app_config("articles")
    app.models_module = True
    create_permissions(app, apps=apps, verbosity=0)
    app.models_module = None
    for group, permissions in _rights(apps):
        group.permissions.add(*permissions)


def remove_rights(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for group, permissions in _rights(apps):
        group.permissions.remove(*permissions)


def _rights(apps: Apps) -> Iterator[tuple[Any, Any]]:
    groups, all_permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        permissions = all_permissions.objects.filter(content_type__app_label="articles", codename__in=codenames)
        missing = set(codenames) - set(permissions.values_list("codename", flat=True))
        if missing:
            raise RuntimeError(f"permissions missing for the group {name}: {', '.join(sorted(missing))}")
        yield groups.objects.get_or_create(name=name)[0], permissions


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_title_keys_and_trials")]
    operations = [migrations.RunPython(add_rights, remove_rights)]
