"""Triggers: a vote is written once, and only while its ballot is open."""

from django.db import migrations

from workflow.ballots import triggers as voting
from workflow.engine import triggers

VOTES = ["workflow_vote"]


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, VOTES)
    voting.install(schema_editor.connection)


def remove(apps, schema_editor):
    voting.remove(schema_editor.connection)
    triggers.remove(schema_editor.connection, VOTES)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0006_ballots")]
    operations = [migrations.RunPython(install, remove)]
