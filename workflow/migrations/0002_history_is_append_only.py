"""Triggers that refuse to rewrite history."""

from django.db import migrations

from workflow.engine import triggers


EVENTS = ["workflow_event"]


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, EVENTS)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, EVENTS)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_ground_floor")]
    operations = [migrations.RunPython(install, remove)]
