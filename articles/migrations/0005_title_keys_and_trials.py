"""Sources that were there before: their titles as they are compared; trials that many papers report are no identifiers."""

from django.db import migrations

from articles.lib import titles

TRIALS = ("nct", "isrctn", "eudract")


def fill(apps, schema_editor):
    Source = apps.get_model("articles", "Source")
    Identifier = apps.get_model("articles", "Identifier")
    for source in Source.objects.iterator():
        trials = list(
            Identifier.objects.filter(source=source, scheme__in=TRIALS).order_by("scheme", "value")
            if source.kind != "trial_registration"
            else ()
        )
        Source.objects.filter(pk=source.pk).update(
            title_key=titles.key(source.title),
            trial_ids=[f"{trial.scheme}:{trial.value}" for trial in trials],
        )
        for trial in trials:
            trial.delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_import_runs")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
