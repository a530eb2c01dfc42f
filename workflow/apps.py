"""The workflow app: when it is ready, each room says what it brings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("Workflow")

    def ready(self) -> None:
        from workflow.ballots import hooks as ballots
        from workflow.comments import hooks as comments
        from workflow.datarequests import hooks as datarequests
        from workflow.desk import shelves as desk
        from workflow.frameworks import hooks as frameworks
        from workflow.groups import hooks as groups
        from workflow.handover import hooks as handover
        from workflow.profiles import hooks as profiles
        from workflow.writing import hooks as writing

        for room in (desk, groups, writing, profiles, datarequests, frameworks, comments, ballots, handover):
            room.register()
