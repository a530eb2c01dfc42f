"""The meetings app: when the TWG meets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from meetings.attendance import hooks as attendance
        from meetings.minutes import hooks as minutes
        from meetings.scheduling import hooks as scheduling
        from meetings.trainings import hooks as trainings

        scheduling.register()
        attendance.register()  # after the room below: it adds to what that has registered
        trainings.register()
        minutes.register()
