"""The recommendations app: what was decided and what became of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    name = "recommendations"
    verbose_name = _("Recommendations")

    def ready(self) -> None:
        from recommendations import workshop
        from recommendations.dataplan import hooks as dataplan
        from recommendations.inventory import hooks as inventory
        from recommendations.milestones import hooks as milestones
        from recommendations.register import hooks as register

        milestones.register()
        register.register()
        inventory.register()
        dataplan.register()
        workshop.register()
