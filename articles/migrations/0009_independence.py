"""Who counts once, and the therapies above those of a claim, for the map and the questions."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# The rows are derived: they are filled from the records, as `actions.listings` writes them from now on.
FILL = """
    WITH RECURSIVE up(id, ancestor) AS (
        SELECT id, id FROM articles_therapy
        UNION ALL SELECT up.id, n.parent_id FROM up JOIN articles_therapy n ON n.id = up.ancestor
        WHERE n.parent_id IS NOT NULL
    ),
    paths(claim_id, ids) AS (
        SELECT t.claim_id, array_agg(DISTINCT up.ancestor)
        FROM articles_claimtherapy t JOIN up ON up.id = t.therapy_id GROUP BY t.claim_id
    )
    UPDATE articles_claimlisting l SET
        publisher_id = s.publisher_id,
        study_group_id = s.study_group_id,
        speaker = CASE WHEN s.publisher_interest = 'sells_therapy' THEN coalesce(-s.publisher_id, s.id)
            ELSE coalesce(-s.study_group_id, s.id) END,
        therapy_path_ids = coalesce((SELECT ids FROM paths WHERE paths.claim_id = l.claim_id), '{}')
    FROM articles_source s WHERE s.id = l.source_id
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_bytes_of_readings")]
    operations = [
        migrations.CreateModel(
            name="ListingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("changed_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name="claimlisting",
            name="publisher",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.publisher"
            ),
        ),
        migrations.AddField(
            model_name="claimlisting",
            name="study_group",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.studygroup"
            ),
        ),
        migrations.AddField(
            model_name="claimlisting",
            name="speaker",
            field=models.BigIntegerField(
                default=0,
                help_text="Who counts once: the source's id; for several sources of one study group, or of one seller, "
                "the negative id of the group or the publisher. Meaningful within one voice only.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="claimlisting",
            name="therapy_path_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                default=list,
                help_text="The therapies of the claim and everything above them, each once.",
                size=None,
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(
            ["SET CONSTRAINTS ALL IMMEDIATE", FILL, "SET CONSTRAINTS ALL DEFERRED"], migrations.RunSQL.noop
        ),
    ]
