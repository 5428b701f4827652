"""What people type about publications. Times are typed in the client's timezone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from publishing.models import Client, SocialAccount
from sophia import moments
from sophia.membership import Person, works_for
from sophia.refusals import Refused

NOW, AT = "now", "at"


def row_number(typed: str) -> int | None:
    """A number that a database column can hold, or None for anything else."""
    return int(typed) if typed.isdecimal() and len(typed) < 19 else None


class LocalTimeField(forms.DateTimeField):
    """A day and a time on the clock of `zone`."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, *, zone: ZoneInfo | None = None, **options: Any):
        super().__init__(**options)
        self.zone = zone or ZoneInfo("UTC")

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            moment = super().to_python(value)
        try:
            return moments.within_horizon(moment) if moment else None
        except Refused as refused:
            raise ValidationError(str(refused)) from None


class RescheduleForm(forms.Form):
    when = forms.ChoiceField(choices=[(AT, "at"), (NOW, "now")])
    at = LocalTimeField(required=False)
    override = forms.CharField(required=False, max_length=500)
    although = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any):
        super().__init__(*args, **options)
        self.fields["at"].zone = zone  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("when") == NOW:
            cleaned["at"] = timezone.now()
        elif not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", "Choose a day and a time.")
        return cleaned


class LinkForm(forms.Form):
    link = forms.URLField(required=False, max_length=500, assume_scheme="https", label="Link to the post")


class DismissForm(forms.Form):
    note = forms.CharField(required=False)


class TakedownForm(forms.Form):
    reason = forms.CharField(required=False, strip=True)
    urgency = forms.ChoiceField(choices=[("immediate", "now"), ("review", "review")])
    sure = forms.BooleanField(error_messages={"required": "Tick that you mean it. Nothing was changed."})


class PauseForm(forms.Form):
    """What this person may hold: one of their clients or accounts, and several only for who works for all."""

    scope = forms.ChoiceField()
    reason = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, person: Person, **options: Any):
        super().__init__(*args, **options)
        clients = [(f"client:{client.pk}", str(client)) for client in Client.objects.visible_to(person)]
        platforms = [(f"platform:{value}", label) for value, label in SocialAccount.PlatformName.choices]
        rows = SocialAccount.objects.visible_to(person).select_related("client")
        accounts = [(f"account:{row.pk}", str(row)) for row in rows]
        theirs: list[Any] = [("One client", clients), ("One platform", platforms), ("One account", accounts)]
        if works_for(person) is None:
            theirs.insert(0, ("everything", "Everything"))
        else:
            theirs.remove(("One platform", platforms))
        self.fields["scope"].choices = theirs  # type: ignore[attr-defined]

    def what(self) -> dict[str, Any]:
        """As `Pause.objects.start` wants it."""
        kind, _, name = self.cleaned_data["scope"].partition(":")
        if kind == "client":
            return {"client": Client.objects.get(pk=name)}
        if kind == "account":
            return {"account": SocialAccount.objects.get(pk=name)}
        return {"platform": name} if kind == "platform" else {}
