"""Meetings and courses from a checked tree; a usual meeting becomes one of each national TWG (S17, S19, S33)."""

from collections.abc import Iterator
from typing import Any

from workflow.engine.texts import in_language

from . import origins, shapes
from .records import Node


def course(node: Node) -> shapes.Course:
    return shapes.Course(
        **node.item(),
        **node.all("key", "title"),
        description=node.get("description", {}),
        hours=node.get("hours", None),
    )


def meetings(root: Node) -> tuple[shapes.Meeting, ...]:
    """The usual meetings of each national TWG in the order of the TWGs, then those told of one by one."""
    return (*_usual(root), *(_meeting(node) for node in root.children("meetings")))


def _usual(root: Node) -> Iterator[shapes.Meeting]:
    editions = origins.labelled(root.tree)
    for twg in root.children("twgs"):
        for node in root.children("usual_meetings") if "country" in twg else ():
            yield _record(
                node,
                key=f"{twg['key']}/{node['key']}",
                twg=twg["key"],
                title=_placed(node["title"], twg["place"]),
                description=_placed(node.get("description", {}), twg["place"]),
                edition=next(iter(editions.get((twg["key"], str(node.get("edition"))), ())), ""),
            )


def _meeting(node: Node) -> shapes.Meeting:
    together = tuple(node.get("together", ()))
    return _record(
        node, **node.all("key", "twg", "title"), description=node.get("description", {}), together=together,
        edition=node.get("edition"),
    )  # fmt: skip


def _record(node: Node, *, together: tuple[str, ...] = (), **own: Any) -> shapes.Meeting:
    return shapes.Meeting(
        **node.item(),
        **node.all("kind", "state", "confidence"),
        **own,
        together=together,
        place=node.get("place"),
        when=node.known("when"),
        course=node.get("course"),
    )


def _placed(text: shapes.Text, place: shapes.Text) -> dict[str, str]:
    """With the country's name where `{place}` stands, in each language as far as the file has it."""
    return {code: words.replace("{place}", in_language(place, code)) for code, words in text.items()}
