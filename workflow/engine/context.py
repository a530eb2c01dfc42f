"""What every page needs around its content. It asks the database nothing but who is reading."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

NAV = [
    ("home", _("Home"), "home"),
    ("overview", _("Overview"), "map"),
    ("twgs", _("TWGs"), "users"),
    ("directory", _("Directory"), "building"),
]
FOR_ALL = ("home",)  # the other rooms are for those who have signed in
# Pages of higher floors, which add themselves: in the menu of whoever has signed in, and at the foot for everybody.
_menu: list[tuple[str, Any, str]] = []
_foot: list[tuple[str, Any, str]] = []
_across: list[tuple[str, Any, str]] = []


def in_the_menu(name: str, label: Any, icon: str) -> None:
    """Add a page to the menu of the person."""
    _menu.append((name, label, icon))


def at_the_foot(name: str, label: Any) -> None:
    """Add a page for everybody to the foot of all pages."""
    _foot.append((name, label, ""))


def across_countries(name: str, label: Any, icon: str) -> None:
    """Add a page that compares countries: the overview leads to it."""
    _across.append((name, label, icon))


def across(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages that compare countries."""
    return [_entry(request, *item) for item in _across]


def in_the_bar(name: str, label: Any, icon: str, *, before: str) -> None:
    """A higher floor's own entry in the navigation, in front of another one; asked twice, it stands there once."""
    if name not in [entry[0] for entry in NAV]:
        NAV.insert([entry[0] for entry in NAV].index(before), (name, label, icon))


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor of base.html: `person` is None for a reader who has not signed in."""
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    return {
        "person": person,
        "demo": settings.DEMO,
        "nav": [_entry(request, *item) for item in NAV if person or item[0] in FOR_ALL],
        "menu": [_entry(request, *item) for item in _menu if person],
        "foot": [_entry(request, *item) for item in _foot],
        "zone": timezone.get_current_timezone_name().replace("_", " "),
        "languages": _languages(),
        "help_url": getattr(settings, "HELP_URL", ""),
        "here": request.get_full_path() if request.method == "GET" else reverse("home"),
    }


def _entry(request: HttpRequest, name: str, label: Any, icon: str) -> dict[str, Any]:
    url = reverse(name)
    here = request.path == url if name == "home" else request.path.startswith(url)
    return {"url": url, "label": label, "icon": icon, "current": here}


def _languages() -> list[dict[str, Any]]:
    """Each language under its own name, for who looks for it cannot read the others."""
    active = (translation.get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [
        {
            "code": code,
            "name": translation.get_language_info(code)["name_local"].capitalize(),
            "current": code == active,
        }
        for code, _name in settings.LANGUAGES
    ]
