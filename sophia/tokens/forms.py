from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone

from publishing.models import Client
from sophia.tokens.scopes import SCOPES

DAYS = [(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year")]


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100)
    person = forms.ModelChoiceField(User.objects.filter(is_active=True), empty_label="Choose a person")
    scopes = forms.MultipleChoiceField(
        choices=[(scope.name, scope.label) for scope in SCOPES], widget=forms.CheckboxSelectMultiple
    )
    clients = forms.ModelMultipleChoiceField(Client.objects.all(), required=False, widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, initial=90)

    def asked(self) -> dict[str, Any]:
        """As `Token.objects.make` wants it."""
        typed = self.cleaned_data
        return {name: typed[name] for name in ("name", "person", "scopes", "clients")} | {"expires_at": self.ends()}

    def ends(self) -> datetime:
        return timezone.now() + timedelta(days=self.cleaned_data["days"])
