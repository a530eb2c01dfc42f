"""Triggers: evidence and signed records of a hand-over are written once."""

from django.db import migrations

from workflow.engine import triggers

KEPT = ["workflow_evidence", "workflow_handoverrecord"]


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, KEPT)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, KEPT)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0009_handover")]
    operations = [migrations.RunPython(install, remove)]
