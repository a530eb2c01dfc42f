"""Answers to data requests say whence they came, and are written once."""

from django.db import migrations, models

from workflow.engine import triggers

ANSWERS = ["workflow_dataanswer"]


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, ANSWERS)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, ANSWERS)


class Migration(migrations.Migration):
    dependencies = [("workflow", "0004_texts_are_append_only")]
    operations = [
        migrations.AddField("dataanswer", "given_by", models.CharField("given by", max_length=200, blank=True)),
        migrations.AddField("dataanswer", "given_on", models.DateField("given on", null=True, blank=True)),
        migrations.AddField(
            "dataanswer",
            "way",
            models.CharField(
                "how it came",
                max_length=5,
                choices=[("here", "in Palabre"), ("paper", "on paper"), ("mail", "by mail")],
                default="here",
            ),
        ),
        migrations.AddConstraint(
            "dataanswer",
            models.CheckConstraint(
                condition=models.Q(way="here", given_by="", given_on=None)
                | models.Q(way__in=["paper", "mail"], given_on__isnull=False) & ~models.Q(given_by=""),
                name="answer_says_whence_it_came",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
