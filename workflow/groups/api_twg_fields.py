"""TWGs and their terms as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflow.engine.api_schema import VersionOnly

from . import access
from .api_fields import ByCode, FactRow, Fuzzy, InstitutionBrief, Names, ParentRow, RegionByCode, Texts
from .models import (
    BallotRule,
    BodyKind,
    Category,
    CategoryRule,
    Confidence,
    Modality,
    ParentStatus,
    Project,
    Rank,
    Role,
    TermsOfReference,
    Twg,
)
from .presets import PRESETS

# What only those who read the TWG from the inside are shown, and what the others get in its place.
INSIDE_ONLY: dict[str, Any] = {
    "source": "", "launched": "", "mandates": {}, "languages": [], "convener": None, "cadence_from": None,
    "cadence_to": None, "parents": [], "facts": [], "terms": [],
}  # fmt: skip


class TwgRow(serializers.ModelSerializer[Twg]):
    """A TWG. From the outside it is a name and a place; its project is named to those who may open that."""

    names = Names()
    name = serializers.CharField(read_only=True)
    country = serializers.CharField()
    place = serializers.CharField(read_only=True, help_text="The country's or region's name in the reader's language.")
    region = serializers.CharField(source="region.code", default=None, allow_null=True)
    project = serializers.CharField(source="project.code", default=None, allow_null=True)
    linked_to = serializers.CharField(source="linked_to.code", default=None, allow_null=True)

    class Meta:
        model = Twg
        fields = (
            "id", "version", "code", "names", "name", "kind", "linked_to", "country", "place", "region", "project",
            "launched", "confidence", "source",
        )  # fmt: skip

    def to_representation(self, instance: Twg) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        reader = self.context["request"].user
        if access.inside(reader, instance):
            return shown
        shown |= {name: blank for name, blank in INSIDE_ONLY.items() if name in shown}
        if instance.project_id not in self._open_projects(reader):
            shown["project"] = None
        return shown

    def _open_projects(self, reader: Any) -> set[int]:
        """Read once for a whole list."""
        context: Any = self.context
        if "open_projects" not in context:
            context["open_projects"] = set(Project.objects.all().visible_to(reader).values_list("pk", flat=True))
        found: set[int] = context["open_projects"]
        return found


class TwgBrief(serializers.ModelSerializer[Twg]):
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Twg
        fields = ("code", "name", "kind")


class RuleRow(serializers.ModelSerializer[CategoryRule]):
    class Meta:
        model = CategoryRule
        fields = ("category", "modality", "votes", "source")


TERMS_FIELDS = (
    "quorum_percent", "ballot_rule", "voting_roles", "meeting_notice_days", "ballot_notice_days", "early_closing",
    "comment_days",
    "cadence_from", "cadence_to",
)  # fmt: skip


class TermsRow(serializers.ModelSerializer[TermsOfReference]):
    twg = serializers.CharField(source="twg.code")
    voting_roles = serializers.ListField(child=serializers.CharField())
    text = Texts()
    rules = RuleRow(many=True)

    class Meta:
        model = TermsOfReference
        fields = (
            "id", "version", "twg", "number", "state", *TERMS_FIELDS, "text", "rules", "adopted_on", "source",
        )  # fmt: skip


class TwgDetail(TwgRow):
    """A TWG as its page shows it. `inside` says whether drafts, history and terms are the reader's to read."""

    mandates = Texts()
    languages = serializers.ListField(child=serializers.CharField())
    convener = InstitutionBrief(allow_null=True)
    parents = ParentRow(many=True)
    facts = FactRow(many=True)
    linked_bodies = serializers.SerializerMethodField(help_text="Those that the reader sees.")
    terms = serializers.SerializerMethodField(help_text="All versions, the newest first; none for those outside.")
    inside = serializers.SerializerMethodField(help_text="Without it most of the fields are empty.")

    class Meta(TwgRow.Meta):
        fields = (  # type: ignore[assignment]
            *TwgRow.Meta.fields, "time_zone", "languages", "mandates", "convener", "cadence_from", "cadence_to",
            "parents", "facts", "linked_bodies", "terms", "inside",
        )  # fmt: skip

    @extend_schema_field(TwgBrief(many=True))
    def get_linked_bodies(self, twg: Twg) -> Any:
        seen = Twg.objects.all().visible_to(self.context["request"].user)
        return TwgBrief(seen.filter(linked_to=twg), many=True).data

    @extend_schema_field(TermsRow(many=True))
    def get_terms(self, twg: Twg) -> Any:
        seen = TermsOfReference.objects.all().visible_to(self.context["request"].user)
        rows = seen.filter(twg=twg).select_related("twg").prefetch_related("rules")
        return TermsRow(rows, many=True).data

    def get_inside(self, twg: Twg) -> bool:
        return access.inside(self.context["request"].user, twg)


class Participation(serializers.Serializer[Any]):
    category = serializers.ChoiceField(Category.choices)
    modality = serializers.ChoiceField(Modality.choices)
    votes = serializers.BooleanField()


def participation_of(rules: list[dict[str, Any]]) -> dict[str, tuple[str, bool]]:
    """What services take: category to (modality, votes)."""
    return {rule["category"]: (rule["modality"], rule["votes"]) for rule in rules}


class BodyInput(serializers.ModelSerializer[Twg]):
    """What can be said of any body when it is opened, and changed later."""

    code = serializers.SlugField(max_length=80)
    names = Names()
    mandates = Texts(required=False)
    languages = serializers.ListField(child=serializers.CharField(max_length=5), required=False)
    convener = ByCode("institution", required=False, allow_null=True)

    class Meta:
        model = Twg
        fields: tuple[str, ...] = (
            "code", "names", "mandates", "languages", "time_zone", "convener", "cadence_from", "cadence_to",
            "launched", "confidence", "source",
        )  # fmt: skip


class TwgInput(BodyInput):
    """A TWG of a country or of a region, with the preset that its terms of reference start from."""

    country = serializers.CharField(max_length=2, required=False, allow_blank=True)
    region = RegionByCode(required=False, allow_null=True)
    project = ByCode("project", required=False, allow_null=True)
    preset = serializers.ChoiceField(choices=sorted(PRESETS))
    participation = Participation(many=True, required=False, help_text="What differs from the preset.")

    class Meta(BodyInput.Meta):
        fields = (*BodyInput.Meta.fields, "country", "region", "project", "preset", "participation")
        validators: list[Any] = []  # the service's full_clean says what is double, in one place


class BodyLinkInput(BodyInput):
    kind = serializers.ChoiceField(BodyKind.choices)

    class Meta(BodyInput.Meta):
        fields = (*BodyInput.Meta.fields, "kind")


class TwgChange(VersionOnly, BodyInput):
    class Meta(BodyInput.Meta):
        fields = (*BodyInput.Meta.fields[1:], "version", "note")


class ParentInput(VersionOnly):
    status = serializers.ChoiceField(ParentStatus.choices)
    institution = ByCode("institution", required=False, allow_null=True)
    under = ByCode("institution", required=False, allow_null=True)
    since = Fuzzy(required=False)
    source = serializers.CharField(max_length=200, required=False, allow_blank=True)  # type: ignore[assignment]


class SeatInput(VersionOnly):
    """A seat for the person with this address, who is entered in the directory if nobody has it yet."""

    email = serializers.EmailField()
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    role = serializers.ChoiceField(Role.choices)
    institution = ByCode("institution", required=False, allow_null=True)
    invite = serializers.BooleanField(default=True, help_text="Send the person an invitation by mail.")
    rank = serializers.ChoiceField(Rank.choices, required=False, allow_blank=True)
    since = Fuzzy(required=False)
    confidence = serializers.ChoiceField(Confidence.choices, required=False)
    source = serializers.CharField(max_length=200, required=False, allow_blank=True)  # type: ignore[assignment]


class SeatEnd(VersionOnly):
    until = Fuzzy()


class SeatFilters(serializers.Serializer[Any]):
    role = serializers.ChoiceField(Role.choices, required=False)
    active = serializers.BooleanField(required=False, allow_null=True, default=None)


class TwgFilters(serializers.Serializer[Any]):
    country = serializers.CharField(max_length=2, required=False)
    region = serializers.SlugField(required=False)
    project = serializers.SlugField(required=False)
    kind = serializers.ChoiceField(BodyKind.choices, required=False)


class TermsDraft(serializers.Serializer[Any]):
    """A new draft: from a preset, or from the latest version when no preset is named."""

    preset = serializers.ChoiceField(choices=sorted(PRESETS), required=False)
    participation = Participation(many=True, required=False)


class TermsChange(VersionOnly, serializers.ModelSerializer[TermsOfReference]):
    voting_roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    ballot_rule = serializers.ChoiceField(BallotRule.choices)
    text = Texts()
    participation = Participation(many=True, help_text="The whole of it; left out, it stays as it is.")

    class Meta:
        model = TermsOfReference
        fields = (*TERMS_FIELDS, "text", "source", "participation", "version")
