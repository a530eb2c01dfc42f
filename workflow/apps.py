"""The workflow app: when it is ready, each room says what it brings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("Workflow")

    def ready(self) -> None:
        from workflow.groups import hooks as groups
        from workflow.profiles import hooks as profiles

        groups.register()
        profiles.register()
