"""What the OpenAPI document says of every operation: problems, versions, actions and events."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class ProblemSchema(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField(help_text="Where this type of problem is explained, relative to the server.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="The address that was asked.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="422: messages by field."
    )
    version = serializers.IntegerField(required=False, help_text="409: the version that holds now.")
    state = serializers.CharField(required=False, help_text="409: the state that it is in now.")
    events = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="409: what happened since the version that was sent."
    )


READING = {"401": "Not signed in.", "404": "It does not exist, or it is not yours to see.", "429": "Too many requests."}
WRITING = READING | {
    "400": "The body can't be read.",
    "403": "Yours to see, but not to do; or the token only reads.",
    "409": "It has changed meanwhile, or a condition does not hold.",
    "413": "Too large.",
    "422": "Fields are missing or wrong.",
    "428": "No version was sent.",
}


class PalabreSchema(AutoSchema):
    """Adds to each operation the problems that it can answer with."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        problem = self.resolve_serializer(ProblemSchema, "response").ref
        for status, words in (READING if self.method == "GET" else WRITING).items():
            content = {"application/problem+json": {"schema": problem}}
            operation["responses"].setdefault(status, {"description": words, "content": content})
        return operation


class VersionOnly(serializers.Serializer[Any]):
    """What every change carries beside its own fields, unless it sends If-Match."""

    version = serializers.IntegerField(required=False, min_value=0)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class ChoiceSchema(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class QuestionSchema(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField(help_text="string, integer, boolean, choice, choices or file")
    required = serializers.BooleanField()  # type: ignore[assignment]
    help = serializers.CharField()
    max_length = serializers.IntegerField(allow_null=True)
    choices = ChoiceSchema(many=True, allow_null=True)


class ActionSchema(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    reason = serializers.CharField(help_text="Why not; empty when allowed.")
    kind = serializers.CharField(help_text="forward, back or out")
    help = serializers.CharField()
    hint = serializers.CharField(help_text="What a closed gate waits for, which a recorded decision would answer.")
    target = serializers.CharField()
    asks = QuestionSchema(many=True)


class ActionsSchema(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    state = serializers.CharField()
    actions = ActionSchema(many=True)


class HistorySchema(serializers.Serializer[Any]):
    """One event. `hash` is SHA-256 over its JSON without labels, withheld and itself: sorted keys, no spaces, UTF-8."""

    subject = serializers.ListField(help_text="kind and id")
    sequence = serializers.IntegerField()
    at = serializers.DateTimeField()
    occurred = serializers.CharField()
    actor = serializers.IntegerField(allow_null=True)
    actor_name = serializers.CharField()
    institution = serializers.CharField()
    institution_ref = serializers.IntegerField(allow_null=True)
    capacity = serializers.CharField()
    name = serializers.CharField()
    to = serializers.CharField()
    note = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]
    external_key = serializers.CharField(allow_null=True)
    previous = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    from_label = serializers.CharField()
    to_label = serializers.CharField()
    hash = serializers.CharField()
    withheld = serializers.ListField(
        child=serializers.CharField(), help_text="What the reader may not see; with it gone the hash can't be checked."
    )

    def get_fields(self) -> Any:
        return {**super().get_fields(), "from": serializers.CharField()}


class PerformedSchema(serializers.Serializer[Any]):
    subject = serializers.DictField(help_text="The subject as its own address now shows it.")
    event = HistorySchema()
