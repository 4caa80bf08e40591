"""The groups Curator and Reviewer, each with the least rights its work needs. Neither may remove anything or touch accounts."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SEEN = (
    "source",
    "sourceversion",
    "identifier",
    "contributor",
    "citedreference",
    "claim",
    "claimtherapy",
    "publisher",
    "studygroup",
    "therapy",
    "condition",
    "outcome",
)
WRITTEN = ("source", "identifier", "contributor", "citedreference", "claim", "claimtherapy", "publisher", "studygroup")
VIEW = tuple(f"view_{model}" for model in SEEN)
GROUPS = {
    "Curator": (*VIEW, *(f"{verb}_{model}" for verb in ("add", "change") for model in WRITTEN), "add_sourceversion"),
    "Reviewer": (*VIEW, "change_claim", "accept_claim"),
}


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Django makes permissions only after all migrations, so they are made here first."""
    app = apps.get_app_config("articles")
    app.models_module = True
    create_permissions(app, apps=apps, verbosity=0)
    app.models_module = None
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        permissions = permission_model.objects.filter(content_type__app_label="articles", codename__in=codenames)
        missing = set(codenames) - set(permissions.values_list("codename", flat=True))
        if missing:
            raise RuntimeError(f"permissions missing for the group {name}: {', '.join(sorted(missing))}")
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.set(permissions)


def remove_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_search_configuration"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, remove_groups)]
