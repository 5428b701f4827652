from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from publishing.models import Client
from sophia.choosing import TheirForm

DAYS = [(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year")]


class LinkForm(TheirForm):
    client = forms.ModelChoiceField(Client.objects.all(), empty_label="Choose a client")
    person = forms.CharField(max_length=100)
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, initial=30)
    approving = forms.BooleanField(required=False)

    def asked(self) -> dict[str, Any]:
        """As `ClientLink.objects.make` wants it."""
        typed = self.cleaned_data
        return {name: typed[name] for name in ("client", "person", "approving")} | {"expires_at": self.ends()}

    def ends(self) -> datetime:
        return timezone.now() + timedelta(days=self.cleaned_data["days"])
