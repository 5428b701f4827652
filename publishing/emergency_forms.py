"""What people type to take down everything of a client. Times are on the client's clock."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from publishing.forms import AT, LocalTimeField
from publishing.models import Client
from sophia.choosing import TheirForm

SPANS = [("1", "the last hour"), ("24", "the last 24 hours"), ("168", "the last 7 days"), (AT, "since")]


class ScopeForm(TheirForm):
    client = forms.ModelChoiceField(Client.objects.all(), empty_label="Choose a client")
    span = forms.ChoiceField(choices=SPANS, initial="24")
    since = LocalTimeField(required=False)
    field_order = ["client", "span", "since"]

    def __init__(self, *args: Any, zone: ZoneInfo | None = None, **options: Any):
        super().__init__(*args, **options)
        if zone:
            self.fields["since"].zone = zone  # type: ignore[attr-defined]

    def clean_client(self) -> Client:
        """The clock on which the time is read is known from here on."""
        client: Client = self.cleaned_data["client"]
        self.fields["since"].zone = client.zone  # type: ignore[attr-defined]
        return client

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        span = cleaned.get("span", AT)
        if span != AT:
            cleaned["since"] = timezone.now() - timedelta(hours=int(span))
        elif not cleaned.get("since") and "since" not in self.errors:
            self.add_error("since", "Choose a day and a time.")
        elif cleaned.get("since") and cleaned["since"] > timezone.now():
            self.add_error("since", "That time lies ahead. Choose one that has passed.")
        return cleaned


class ConfirmForm(TheirForm):
    """Posted from the preview: `key` stands for this one confirmation."""

    client = forms.ModelChoiceField(Client.objects.all())
    since = forms.DateTimeField()
    key = forms.UUIDField()
    name = forms.CharField(required=False)
    reason = forms.CharField(error_messages={"required": "Say why: the reason is kept with every post."})
    pause = forms.BooleanField(required=False)

    @staticmethod
    def fresh(client: Client, since: datetime) -> dict[str, Any]:
        return {"client": client, "since": since, "key": uuid.uuid4(), "pause": True}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        client = cleaned.get("client")
        if client and cleaned.get("name", "").strip() != client.name.strip():
            self.add_error("name", f"Type the client's name exactly as it is: {client.name}. Nothing was changed.")
        return cleaned

    def asked(self) -> dict[str, Any]:
        """As `Emergency.objects.start` wants it."""
        return {name: self.cleaned_data[name] for name in ("client", "since", "key", "reason", "pause")}
