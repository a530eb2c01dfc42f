"""Where things of a project file come from: which meeting issued a recommendation, which edition a meeting was about.

Meetings and editions have keys in the file that are made of two: `ghana/launch` of what every TWG has, `ghana/2009` of
a profile and its edition. As `checks`, this takes nothing of the file's shape for granted.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from .tree import Path, Tree

USUAL_MEETINGS_LIMIT = 100  # as in schema.json


def editions(tree: Tree) -> dict[str, str]:
    """The key of each edition (`ghana/2009`), and of the TWG whose profile it is."""
    return {
        f"{profile.get('key')}/{edition.get('label')}": str(profile.get("twg"))
        for profile in _items(tree, "profiles")
        for edition in _mappings(profile.get("editions"))
    }


def labelled(tree: Tree) -> dict[tuple[str, str], list[str]]:
    """The keys of a TWG's editions with one label: one edition, unless the TWG has several profiles."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, twg in editions(tree).items():
        found.setdefault((twg, key.partition("/")[2]), []).append(key)
    return found


def meetings(tree: Tree) -> dict[str, str]:
    """The key of each meeting, of usual ones too, and of the TWG that it is of: a linked body's is its TWG's."""
    main = _main(tree)
    usual = {
        f"{twg}/{meeting.get('key')}": twg
        for twg in _nations(tree)
        for meeting in _items(tree, "usual_meetings")[:USUAL_MEETINGS_LIMIT]
    }
    own = {str(meeting.get("key")): _of(main, meeting.get("twg")) for meeting in _items(tree, "meetings")}
    return usual | own


def strangers(tree: Tree) -> Iterator[tuple[Path, str]]:
    """Meetings and editions that are there and are another TWG's, each with what to say of it."""
    main, held, written = _main(tree), meetings(tree), editions(tree)
    for number, one in enumerate(_all(tree, "recommendations")):
        for name, known in (("meeting", held), ("edition", written)):
            if _text(one, name) in known and known[_text(one, name)] != _text(one, "twg"):
                yield ("recommendations", number, name), _not_of(one, name, _text(one, "twg"))
    for number, one in enumerate(_all(tree, "meetings")):
        together = one.get("together") if isinstance(one, dict) else None
        there = {_of(main, key) for key in [_text(one, "twg"), *(together if isinstance(together, list) else [])]}
        if _text(one, "edition") in written and written[_text(one, "edition")] not in there:
            yield ("meetings", number, "edition"), _not_of(one, "edition", _text(one, "twg"))
    yield from _usual_editions(tree)


def _usual_editions(tree: Tree) -> Iterator[tuple[Path, str]]:
    """A label of which each TWG that has the usual meeting has one edition."""
    nations, known = _nations(tree), labelled(tree)
    for number, one in enumerate(_all(tree, "usual_meetings")):
        label = _text(one, "edition")
        for twg in nations if label else ():
            found = len(known.get((twg, label), ()))
            if found != 1:
                said = _("The TWG “%(twg)s” has %(count)s editions “%(key)s”, not one.")
                yield ("usual_meetings", number, "edition"), said % {"twg": twg, "count": found, "key": label}
                break


def _not_of(one: dict[str, Any], name: str, twg: str) -> str:
    return _("“%(key)s” is not of the TWG “%(twg)s”.") % {"key": _text(one, name), "twg": twg}


def _nations(tree: Tree) -> list[str]:
    """The TWGs of countries, one of each that there is: no file makes millions of meetings before it is refused."""
    found = {str(twg["country"]): str(twg.get("key")) for twg in reversed(_items(tree, "twgs")) if "country" in twg}
    return [key for country, key in reversed(found.items()) if country in countries]


def _main(tree: Tree) -> dict[str, str]:
    """Each linked body, and the TWG that it is of."""
    return {
        str(body.get("key")): str(twg.get("key"))
        for twg in _items(tree, "twgs") for body in _mappings(twg.get("linked_bodies"))
    }  # fmt: skip


def _of(main: Mapping[str, str], key: Any) -> str:
    return main.get(str(key), str(key))


def _all(tree: Tree, name: str) -> list[Any]:
    found = tree.value.get(name) if isinstance(tree.value, dict) else None
    return found if isinstance(found, list) else []


def _items(tree: Tree, name: str) -> list[dict[str, Any]]:
    return _mappings(_all(tree, name))


def _mappings(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(one: Any, name: str) -> str:
    return str(one.get(name, "")) if isinstance(one, dict) else ""
