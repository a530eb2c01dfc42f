"""What the API tells and takes of ballots, votes and themes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly
from workflow.groups.api_fields import ByCode, ById, InstitutionBrief, Names, Texts

from . import selectors
from .models import MOST_WRITTEN, Ballot, BallotForm, BallotState, Decided, Option, Theme, ThemeState, VoteChoice, Way

FIELDS = (
    "question", "explanation", "draft", "rule", "quorum_percent", "quorum_categories", "quorum_institutions", "secrecy",
    "winners", "deadline", "reminder_days",
)  # fmt: skip


class OptionRow(serializers.ModelSerializer[Option]):
    titles = Names()

    class Meta:
        model = Option
        fields = ("number", "titles")


class BallotRow(serializers.ModelSerializer[Ballot]):
    twg = serializers.CharField(source="twg.code")
    terms = serializers.IntegerField(source="terms_id", allow_null=True)
    repeats = serializers.IntegerField(source="repeats_id", allow_null=True)

    class Meta:
        model = Ballot
        fields = (
            "id", "version", "twg", "form", "about_kind", "about_id", "draft", "question", "explanation", "state",
            "decided", "rule", "quorum_percent", "quorum_categories", "secrecy", "winners", "deadline", "reminder_days",
            "repeats", "terms", "text_sha256", "opened_at", "closed_at",
        )  # fmt: skip


class VoteRow(serializers.Serializer[Any]):
    """A vote as the reader may know it; null while votes are hidden."""

    id = serializers.IntegerField(source="pk")
    choice = serializers.ChoiceField(VoteChoice.choices)
    ranking = serializers.ListField(child=serializers.IntegerField(), help_text="Option numbers, the first one first.")
    words = serializers.CharField()
    way = serializers.ChoiceField(Way.choices)
    at = serializers.DateTimeField()
    receipt = serializers.CharField()
    evidence = serializers.CharField(source="evidence_name", help_text="See `evidence/{number}/`; empty for none.")


class MyVote(serializers.Serializer[Any]):
    """An institution for which the reader votes, and what stands recorded for it, hidden or not."""

    institution = InstitutionBrief(source="elector.institution")
    role = serializers.CharField(source="right.role")
    waits = serializers.BooleanField(source="right.waits", help_text="The member has voted: an alternate does not.")
    votes = serializers.IntegerField(help_text="What `number` says when one votes.")
    vote = VoteRow(source="current", allow_null=True)


class RollRow(serializers.Serializer[Any]):
    institution = InstitutionBrief(source="elector.institution")
    recused = serializers.SerializerMethodField()
    voted = serializers.BooleanField()
    left = serializers.BooleanField(help_text="It has left the TWG since the ballot opened.")
    vote = VoteRow(allow_null=True)

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_recused(self, row: selectors.Row) -> bool:
        return row.elector.recused_at is not None


class BallotDetail(BallotRow):
    options = OptionRow(many=True)
    quorum_institutions = InstitutionBrief(many=True)
    entitled = serializers.SerializerMethodField()
    voted = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField(help_text="The count and why it decides; null while it is hidden.")
    roll = serializers.SerializerMethodField()
    mine = serializers.SerializerMethodField()

    class Meta(BallotRow.Meta):
        fields = (  # type: ignore[assignment]
            *BallotRow.Meta.fields, "options", "quorum_institutions", "entitled", "voted", "result", "roll", "mine",
        )  # fmt: skip

    def _standing(self, ballot: Ballot) -> selectors.Standing:
        kept: dict[int, selectors.Standing] = self.__dict__.setdefault("_standings", {})
        if ballot.pk not in kept:
            kept[ballot.pk] = selectors.standing(ballot, self.context["request"].user)
        return kept[ballot.pk]

    @extend_schema_field(OpenApiTypes.INT)
    def get_entitled(self, ballot: Ballot) -> int:
        return self._standing(ballot).entitled

    @extend_schema_field(OpenApiTypes.INT)
    def get_voted(self, ballot: Ballot) -> int:
        return self._standing(ballot).voted

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_result(self, ballot: Ballot) -> dict[str, Any] | None:
        standing = self._standing(ballot)
        if standing.result is None:
            return None
        found = standing.result
        return {
            "outcome": found.outcome.value, "sentence": str(found.sentence), "standing": found.standing.value,
            "because": str(found.because), **selectors.counted(found),
            "ranking": [{"option": o.number, "points": p.points, "chosen": p.chosen} for o, p in standing.places],
        }  # fmt: skip

    @extend_schema_field(RollRow(many=True))
    def get_roll(self, ballot: Ballot) -> Any:
        return RollRow(self._standing(ballot).rows, many=True, context=self.context).data

    @extend_schema_field(MyVote(many=True))
    def get_mine(self, ballot: Ballot) -> Any:
        found = [] if ballot.state == BallotState.DRAFT else selectors.mine(ballot, self.context["request"].user)
        return MyVote(found, many=True, context=self.context).data


class BallotChange(VersionOnly, serializers.ModelSerializer[Ballot]):
    draft = ById("draft", required=False, allow_null=True)
    quorum_institutions = ByCode("institution", many=True, required=False)
    options = OptionRow(many=True, required=False)
    themes = ById("theme", many=True, required=False, help_text="Of a ballot that ranks themes.")

    class Meta:
        model = Ballot
        fields: tuple[str, ...] = (*FIELDS, "options", "themes", "version")


class BallotInput(BallotChange):
    twg = ByCode("twg")
    form = serializers.ChoiceField(BallotForm.choices, required=False)

    class Meta(BallotChange.Meta):
        fields = ("twg", "form", *FIELDS, "options")


class BallotFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    state = serializers.ChoiceField(BallotState.choices, required=False)
    decided = serializers.ChoiceField(Decided.choices, required=False)


class ForInstitution(serializers.Serializer[Any]):
    institution = ByCode("institution")


class VoteInput(ForInstitution):
    choice = serializers.ChoiceField(VoteChoice.choices)
    words = serializers.CharField(required=False, allow_blank=True, default="", max_length=MOST_WRITTEN)
    ranking = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, default=list)
    number = serializers.IntegerField(
        min_value=0, help_text="How many votes of the institution you have seen: 409 when there are more."
    )


class RecordInput(VoteInput):
    way = serializers.ChoiceField([Way.PAPER, Way.ROOM])
    evidence = serializers.FileField()


class WithReason(ForInstitution):
    note = serializers.CharField(max_length=2000)


class LaterDeadline(VersionOnly):
    deadline = serializers.DateTimeField()


class Deadline(serializers.Serializer[Any]):
    deadline = serializers.DateTimeField()


class Receipt(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    choice = serializers.CharField()
    receipt = serializers.CharField(help_text="SHA-256 over the vote; it stands in the ballot's history.")
    at = serializers.DateTimeField()


class ThemeRow(serializers.ModelSerializer[Theme]):
    titles = Names()
    reasons = Texts()
    twg = serializers.CharField(source="twg.code")
    institution = InstitutionBrief(allow_null=True)
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    chosen_in = serializers.IntegerField(source="chosen_in_id", allow_null=True, help_text="The ballot that chose it.")

    class Meta:
        model = Theme
        fields = ("id", "version", "twg", "titles", "reasons", "institution", "state", "merged_into", "chosen_in")


class ThemeChange(VersionOnly, serializers.ModelSerializer[Theme]):
    titles = Names()
    reasons = Texts(required=False)
    institution = ByCode(
        "institution", required=False, allow_null=True,
        help_text="Only those who run the TWG say whose proposal it was; a member proposes for their own.",
    )  # fmt: skip

    class Meta:
        model = Theme
        fields: tuple[str, ...] = ("titles", "reasons", "institution", "version")


class ThemeInput(ThemeChange):
    twg = ByCode("twg")

    class Meta(ThemeChange.Meta):
        fields = ("twg", "titles", "reasons", "institution")


class ThemeFilters(serializers.Serializer[Any]):
    twg = serializers.SlugField(required=False, max_length=80)
    state = serializers.ChoiceField(ThemeState.choices, required=False)


class ThemesQuestionInput(serializers.ModelSerializer[Ballot]):
    """A ballot in preparation that asks institutions to rank themes."""

    twg = ByCode("twg")
    themes = ById("theme", many=True)
    quorum_institutions = ByCode("institution", many=True, required=False)

    class Meta:
        model = Ballot
        fields = (
            "twg", "themes", "question", "explanation", "quorum_percent", "quorum_categories", "quorum_institutions",
            "secrecy", "winners", "deadline", "reminder_days",
        )  # fmt: skip
