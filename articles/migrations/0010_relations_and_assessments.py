"""Relations between claims and assessments of questions: curators suggest relations, reviewers confirm and assess."""

from collections.abc import Iterator
from typing import Any

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import articles.models.checks

SEEN = ("view_relation", "view_assessment")
GROUPS = {
    "Curator": (*SEEN, "add_relation", "change_relation"),
    "Reviewer": (*SEEN, "confirm_relation", "add_assessment", "change_assessment"),
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

    dependencies = [
        ('articles', '0009_independence'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('certainty', models.CharField(blank=True, choices=[('high', 'High'), ('moderate', 'Moderate'), ('low', 'Low'), ('very_low', 'Very low')], max_length=20)),
                ('certainty_reasons', models.TextField(blank=True)),
                ('seller_verdict', models.CharField(blank=True, choices=[('consistent_with_evidence', 'Consistent with the evidence'), ('overstated', 'Overstated'), ('contradicted', 'Contradicted'), ('no_evidence_found', 'No evidence found'), ('not_assessable', 'Not assessable')], max_length=30, verbose_name='verdict on sellers')),
                ('verdict_reasons', models.TextField(blank=True)),
                ('assessed_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('condition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='articles.condition')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='articles.outcome')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('therapy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='articles.therapy')),
            ],
        ),
        migrations.CreateModel(
            name='AssessmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('certainty', models.CharField(blank=True, choices=[('high', 'High'), ('moderate', 'Moderate'), ('low', 'Low'), ('very_low', 'Very low')], max_length=20)),
                ('certainty_reasons', models.TextField(blank=True)),
                ('seller_verdict', models.CharField(blank=True, choices=[('consistent_with_evidence', 'Consistent with the evidence'), ('overstated', 'Overstated'), ('contradicted', 'Contradicted'), ('no_evidence_found', 'No evidence found'), ('not_assessable', 'Not assessable')], max_length=30, verbose_name='verdict on sellers')),
                ('verdict_reasons', models.TextField(blank=True)),
                ('assessed_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('condition', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='articles.condition')),
                ('outcome', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='articles.outcome')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='articles.assessment')),
                ('reviewer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('therapy', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='articles.therapy')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('supports', 'Supports'), ('contrasts', 'Contrasts'), ('qualifies', 'Qualifies'), ('same_finding', 'Same finding'), ('supersedes', 'Supersedes')], max_length=20)),
                ('reason', models.TextField(help_text='What in the two claims shows it; readers see these words.')),
                ('state', models.CharField(choices=[('suggested', 'Suggested'), ('confirmed', 'Confirmed'), ('dropped', 'Dropped')], default='suggested', max_length=20)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='suggested at')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suggested by')),
                ('from_claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_from', to='articles.claim')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_to', to='articles.claim')),
            ],
            options={
                'permissions': [('confirm_relation', 'Can confirm a relation that somebody else suggested')],
            },
        ),
        migrations.CreateModel(
            name='RelationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('supports', 'Supports'), ('contrasts', 'Contrasts'), ('qualifies', 'Qualifies'), ('same_finding', 'Same finding'), ('supersedes', 'Supersedes')], max_length=20)),
                ('reason', models.TextField(help_text='What in the two claims shows it; readers see these words.')),
                ('state', models.CharField(choices=[('suggested', 'Suggested'), ('confirmed', 'Confirmed'), ('dropped', 'Dropped')], default='suggested', max_length=20)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='suggested at')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suggested by')),
                ('from_claim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='articles.claim')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='articles.relation')),
                ('reviewed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_claim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='articles.claim')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=articles.models.checks.VocabularyCheck(condition=models.Q(('certainty__in', ['high', 'moderate', 'low', 'very_low', ''])), name='assessment_certainty_in_vocabulary'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=articles.models.checks.VocabularyCheck(condition=models.Q(('seller_verdict__in', ['consistent_with_evidence', 'overstated', 'contradicted', 'no_evidence_found', 'not_assessable', ''])), name='assessment_seller_verdict_in_vocabulary'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('therapy', 'condition', 'outcome'), name='assessment_once', violation_error_message='This question has an assessment already: change that one.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('certainty', ''), _negated=True), models.Q(('seller_verdict', ''), _negated=True), _connector='OR'), name='assessment_of_something', violation_error_message='Give a certainty, a verdict on sellers, or both.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('certainty', ''), models.Q(('certainty_reasons', ''), _negated=True), _connector='OR'), name='assessment_certainty_with_reasons', violation_error_message='Say what the certainty rests on.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('seller_verdict', ''), models.Q(('verdict_reasons', ''), _negated=True), _connector='OR'), name='assessment_verdict_with_reasons', violation_error_message='Say what the verdict on sellers rests on.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "articles_assessmentevent" ("assessed_at", "certainty", "certainty_reasons", "condition_id", "id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewer_id", "seller_verdict", "therapy_id", "updated_at", "verdict_reasons") SELECT new_values."assessed_at", new_values."certainty", new_values."certainty_reasons", new_values."condition_id", new_values."id", new_values."outcome_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reviewer_id", new_values."seller_verdict", new_values."therapy_id", new_values."updated_at", new_values."verdict_reasons" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='92bd874f92eabe2334b3ce060388e314f62c67fd', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b4608', referencing='REFERENCING NEW TABLE AS new_values ', table='articles_assessment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "articles_assessmentevent" ("assessed_at", "certainty", "certainty_reasons", "condition_id", "id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewer_id", "seller_verdict", "therapy_id", "updated_at", "verdict_reasons") SELECT new_values."assessed_at", new_values."certainty", new_values."certainty_reasons", new_values."condition_id", new_values."id", new_values."outcome_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reviewer_id", new_values."seller_verdict", new_values."therapy_id", new_values."updated_at", new_values."verdict_reasons" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='abfa66907386b9f9551ec54ece2dabe23baecf98', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_56ca5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='articles_assessment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "articles_assessmentevent" ("assessed_at", "certainty", "certainty_reasons", "condition_id", "id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewer_id", "seller_verdict", "therapy_id", "updated_at", "verdict_reasons") SELECT old_values."assessed_at", old_values."certainty", old_values."certainty_reasons", old_values."condition_id", old_values."id", old_values."outcome_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reviewer_id", old_values."seller_verdict", old_values."therapy_id", old_values."updated_at", old_values."verdict_reasons" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='32438d5ec8c8ecc619c6fafa8f1c5faec9e9e03b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_606ab', referencing='REFERENCING OLD TABLE AS old_values ', table='articles_assessment', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=articles.models.checks.VocabularyCheck(condition=models.Q(('kind__in', ['supports', 'contrasts', 'qualifies', 'same_finding', 'supersedes'])), name='relation_kind_in_vocabulary'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=articles.models.checks.VocabularyCheck(condition=models.Q(('state__in', ['suggested', 'confirmed', 'dropped'])), name='relation_state_in_vocabulary'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('from_claim', models.F('to_claim')), _negated=True), name='relation_of_two_claims', violation_error_message='A claim has no relation to itself.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='relation_with_reason', violation_error_message='Say why the two claims are related.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(fields=('from_claim', 'to_claim', 'kind'), name='relation_once', violation_error_message='The two claims have this relation already.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Least('from_claim', 'to_claim'), django.db.models.functions.comparison.Greatest('from_claim', 'to_claim'), models.F('kind'), condition=models.Q(('kind__in', ('contrasts', 'same_finding', 'supersedes'))), name='relation_once_either_way', violation_error_message='The two claims have this relation already, read from the other one.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False), models.Q(('reviewed_by', models.F('created_by')), _negated=True)), _connector='OR'), name='relation_confirmed_by_second_person', violation_error_message='A relation is confirmed by somebody other than the person who suggested it.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='relation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "articles_relationevent" ("created_at", "created_by_id", "from_claim_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reviewed_at", "reviewed_by_id", "state", "to_claim_id") SELECT new_values."created_at", new_values."created_by_id", new_values."from_claim_id", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."reviewed_at", new_values."reviewed_by_id", new_values."state", new_values."to_claim_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d9508e12838591b8cc6e2245cd71f22d5eff4ac0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2271f', referencing='REFERENCING NEW TABLE AS new_values ', table='articles_relation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='relation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "articles_relationevent" ("created_at", "created_by_id", "from_claim_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reviewed_at", "reviewed_by_id", "state", "to_claim_id") SELECT new_values."created_at", new_values."created_by_id", new_values."from_claim_id", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."reviewed_at", new_values."reviewed_by_id", new_values."state", new_values."to_claim_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6d3db1ae2e82c214325054346dfc6e140d462874', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_88533', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='articles_relation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='relation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "articles_relationevent" ("created_at", "created_by_id", "from_claim_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reviewed_at", "reviewed_by_id", "state", "to_claim_id") SELECT old_values."created_at", old_values."created_by_id", old_values."from_claim_id", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."reviewed_at", old_values."reviewed_by_id", old_values."state", old_values."to_claim_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8fb4161fd8101adc7e7b1b790a93220f56b13875', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_32d38', referencing='REFERENCING OLD TABLE AS old_values ', table='articles_relation', when='AFTER')),
        ),
        migrations.RunPython(add_rights, remove_rights),
    ]
