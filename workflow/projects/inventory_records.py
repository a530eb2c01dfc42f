"""The data inventory's records from a checked tree."""

from __future__ import annotations

from . import inventory_shapes as shapes
from .records import Node


def supporting_publication(node: Node) -> shapes.SupportingPublication:
    return shapes.SupportingPublication(
        **node.item(),
        **node.all("key", "title", "confidence"),
        authors=node.get("authors"),
        when=node.known("when"),
        forthcoming=node.get("forthcoming", False),
        link=node.get("link"),
        summary=node.get("summary", {}),
    )


def data_source(node: Node) -> shapes.DataSource:
    return shapes.DataSource(
        **node.item(),
        **node.all("key", "twg", "kind", "name", "confidence"),
        custodian=node.known("custodian"),
        users=tuple(node.get("users", ())),
        coverage=node.get("coverage", {}),
        periodicity=node.get("periodicity"),
        latest=node.known("latest"),
        quality=node.get("quality"),
        quality_note=node.get("quality_note", {}),
        access=node.get("access"),
        access_note=node.get("access_note", {}),
        link=node.get("link"),
        sections=tuple(node.get("sections", ())),
        questions=tuple(node.get("questions", ())),
        publications=tuple(node.get("publications", ())),
        ended=node.get("ended", False),
    )


def data_gap(node: Node) -> shapes.DataGap:
    return shapes.DataGap(
        **node.item(),
        **node.all("key", "twg", "section", "title", "severity", "confidence"),
        data_source=node.get("data_source"),
        improvement=node.get("improvement", {}),
        state=node.get("state", "identified"),
    )
