"""Files that were fetched: what they answer, which page they are, and when they came."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_groups_of_imports")]
    operations = [
        migrations.AddField(
            "importfile",
            "settles",
            models.JSONField(
                blank=True,
                default=list,
                help_text="Of what the import wanted, what this answers: [[scheme, value], ...].",
            ),
        ),
        migrations.AddField(
            "importfile",
            "address",
            models.CharField(blank=True, help_text="Of the web page that it is.", max_length=500),
        ),
        migrations.AddField("importfile", "fetched_at", models.DateTimeField(blank=True, null=True)),
    ]
