"""What the API's resources of a TWG's registers share (S09, S29): beside sheet_registers.py."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from .api_fields import ByCode


class NewEntry(serializers.Serializer[Any]):
    """In which TWG's register a new entry stands, and under which code."""

    twg = ByCode("twg")
    key = serializers.SlugField(
        max_length=60, required=False, help_text="Never changes; made from the name or title if left out."
    )


class OfTwg(serializers.Serializer[Any]):
    twg = serializers.SlugField(max_length=80)


class RegisterSheet(serializers.Serializer[Any]):
    twg = ByCode("twg")
    file = serializers.FileField()
