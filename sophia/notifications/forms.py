from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.contrib.auth.models import User

from sophia.notifications.kinds import KINDS
from sophia.notifications.models import Subscription

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SubscriptionForm(forms.Form):
    """What a person types of a subscription. An address that is empty stays as it is; it is never shown."""

    name = forms.CharField(max_length=100)
    person = forms.ModelChoiceField(User.objects.filter(is_active=True), required=False, empty_label="A team")
    url = forms.CharField(required=False, max_length=2000, label="Address", strip=True)
    preset = forms.ChoiceField(choices=Subscription.Preset.choices, label="Which notices")
    kinds = forms.MultipleChoiceField(required=False, choices=[(kind.name, kind.label) for kind in KINDS])
    clients: Any = forms.ModelMultipleChoiceField(None, required=False)
    quiet_from = forms.TimeField(required=False, widget=TIME)
    quiet_until = forms.TimeField(required=False, widget=TIME)
    digest_at = forms.TimeField(required=False, widget=TIME)
    timezone = forms.CharField(max_length=64)

    def __init__(self, typed: Any = None, *, by: User, subscription: Subscription | None = None):
        self.subscription = subscription
        super().__init__(typed, initial=shown_of(subscription))
        clients: Any = Subscription._meta.get_field("clients").related_model
        self.fields["clients"].queryset = clients.objects.visible_to(by)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("url") and self.subscription is None:
            self.add_error("url", "Write the address to send to. The examples show what it looks like.")
        if cleaned.get("preset") != Subscription.Preset.CHOSEN:
            cleaned["kinds"] = []
        return cleaned

    def kind_groups(self) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
        """As (group, [(name, label, chosen)]), in the order of the vocabulary."""
        chosen = set(self["kinds"].value() or [])
        for group, kinds in groupby(KINDS, key=lambda kind: kind.group):
            yield group, [(kind.name, kind.label, kind.name in chosen) for kind in kinds]

    def client_choices(self) -> list[tuple[Any, bool]]:
        chosen = {str(value) for value in self["clients"].value() or []}
        queryset = self.fields["clients"].queryset  # type: ignore[attr-defined]
        return [(client, str(client.pk) in chosen) for client in queryset]


def shown_of(subscription: Subscription | None) -> dict[str, Any]:
    if subscription is None:
        return {"preset": Subscription.Preset.WORTH, "timezone": "UTC"}
    names = ("name", "person", "preset", "kinds", "quiet_from", "quiet_until", "digest_at", "timezone")
    shown = {name: getattr(subscription, name) for name in names}
    return shown | {"clients": list(subscription.clients.values_list("pk", flat=True))}
