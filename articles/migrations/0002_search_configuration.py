from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

# English stems over letters without accents: "hematopoïétique" and "hematopoietique" are one word to the search.
CREATE = """
    CREATE TEXT SEARCH CONFIGURATION mskb (COPY = english);
    ALTER TEXT SEARCH CONFIGURATION mskb ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
# The planner misjudges rare words at the default.
STATISTICS = """
    ALTER TABLE articles_claimlisting ALTER COLUMN search SET STATISTICS 1000;
    ALTER TABLE articles_sourcelisting ALTER COLUMN search SET STATISTICS 1000;
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(CREATE, "DROP TEXT SEARCH CONFIGURATION mskb"),
        migrations.RunSQL(STATISTICS, migrations.RunSQL.noop),
    ]
