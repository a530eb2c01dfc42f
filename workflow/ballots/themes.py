"""What becomes of research themes in a ballot: they stand as they were proposed, and some of them are chosen (S34)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow.groups.models import Twg

from .models import Ballot, BallotState, Decided, Option, Theme, ThemeState

Words = str | Promise
ABOUT = "theme"  # what a ballot that ranks themes is about, and what each of its options stands for


def proposed(twg: Twg) -> QuerySet[Theme]:
    """What a ballot can ask about now, in the order in which it was proposed."""
    return Theme.objects.filter(twg=twg, state=ThemeState.PROPOSED).order_by("pk")


def asked_about(theme: Theme) -> bool:
    """Whether institutions are ranking it at this moment."""
    asked = Option.objects.filter(about_kind=ABOUT, about_id=theme.pk, ballot__state=BallotState.OPEN)
    return asked.exists()


def options_of(found: list[Theme]) -> list[dict[str, object]]:
    """Themes as a ballot's options."""
    return [{"titles": theme.titles, "about_kind": ABOUT, "about_id": theme.pk} for theme in found]


def behind(ballot: Ballot) -> dict[int, Theme]:
    """The themes that the ballot's options stand for, by the option's number."""
    numbers = {option.about_id or 0: option.number for option in _options(ballot)}
    return {numbers[theme.pk]: theme for theme in Theme.objects.filter(pk__in=list(numbers)).order_by("pk")}


def _options(ballot: Ballot) -> QuerySet[Option]:
    return Option.objects.filter(ballot=ballot, about_kind=ABOUT)


def not_proposed(ballot: Ballot, *, hold: bool = False) -> Words:
    """Why the options are not what was proposed; "" when they are. `hold` keeps the themes until the ballot is open."""
    titles = {option.about_id or 0: option.titles for option in _options(ballot)}
    found = Theme.objects.filter(pk__in=list(titles)).order_by("pk")
    for theme in found.select_for_update() if hold else found:
        if theme.state != ThemeState.PROPOSED:
            told = {"theme": theme, "state": theme.get_state_display()}
            return _("“%(theme)s” is not proposed any more (%(state)s): change the ballot first.") % told
        if theme.titles != titles[theme.pk]:
            return _("“%(theme)s” reads otherwise by now: change the ballot first.") % {"theme": theme}
    return ""


def chosen_by(theme: Theme) -> Ballot | None:
    """The last ballot that has chosen among themes of which this was one."""
    asked = Option.objects.filter(about_kind=ABOUT, about_id=theme.pk).values("ballot")
    return Ballot.objects.filter(pk__in=asked, decided=Decided.CHOSEN).order_by("-closed_at", "-pk").first()
