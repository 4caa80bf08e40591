"""With what a claim compares: a result against another active treatment is none against nothing."""

from django.db import migrations, models

# The rows are derived: they are filled from the records, as `actions.listings` writes them from now on.
FILL = "UPDATE articles_claimlisting l SET comparator = c.comparator FROM articles_claim c WHERE c.id = l.claim_id"


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_relations_and_assessments")]
    operations = [
        migrations.AddField(
            model_name="claimlisting",
            name="comparator",
            field=models.CharField(default="", max_length=30),
            preserve_default=False,
        ),
        migrations.RunSQL(
            ["SET CONSTRAINTS ALL IMMEDIATE", FILL, "SET CONSTRAINTS ALL DEFERRED"], migrations.RunSQL.noop
        ),
    ]
