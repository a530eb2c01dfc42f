"""Triggers that refuse to rewrite kept revisions and named drafts."""

from django.db import migrations

from workflow.engine import triggers

TEXTS = ["workflow_revision", "workflow_draftsection"]


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, TEXTS)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, TEXTS)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_writing_and_comments")]
    operations = [migrations.RunPython(install, remove)]
