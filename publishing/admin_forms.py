"""What people type in the admin about publishing."""

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from publishing.models import Client, Recovery, SocialAccount
from publishing.platforms.base import PlatformError
from sophia.choosing import TheirForm
from sophia.refusals import Refused

LINES = forms.Textarea(attrs={"rows": 3})


class AccountForm(forms.ModelForm):
    """Valid when the platform agrees. The token is written here and never shown again."""

    new_token = forms.CharField(
        required=False,
        strip=True,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text="Empty keeps the present one. It is checked with the platform before anything is saved.",
    )

    class Meta:
        model = SocialAccount
        fields = ("client", "platform", "external_id", "name", "through", "min_gap", "max_per_week")

    move = forms.BooleanField(required=False, label="Move it to this client", help_text="Only where it changes hands.")

    found: tuple[str, ...] = ()
    by: User
    """Who types it: the admin says so."""

    def clean_new_token(self) -> str | None:
        token = str(self.cleaned_data["new_token"])
        if not token and not self.instance.pk:
            raise ValidationError("A new account needs its token.")
        if any(character.isspace() or not character.isprintable() for character in token):
            raise ValidationError("A token has no spaces or line breaks. Copy it again.")
        return token or None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self.connect()

    def connect(self) -> None:
        client = self.instance.client
        if moves := self.instance.pk is not None and "client" in self.changed_data:
            self.instance.client = Client.objects.get(accounts=self.instance.pk)
        if moves and not self.cleaned_data["move"]:
            there = f"It belongs to {self.instance.client}: {self.instance.what_moves(self.instance.client)}"
            self.add_error("client", f"{there} Nothing was changed. Tick that you move it.")
            return
        try:
            self.found = self.instance.connect(token=self.cleaned_data["new_token"], by=self.by)
            if moves:
                self.found = (*self.instance.move_to(client, by=self.by), *self.found)
        except (Refused, PlatformError) as refused:
            self.add_error("new_token", f"{refused} Nothing was saved.")
        except ValidationError as wrong:
            self.add_error(None, wrong.messages)


class ReasonForm(forms.Form):
    reason = forms.CharField(widget=LINES, help_text="The others see it on every page.")


class WhyForm(forms.Form):
    reason = forms.CharField(required=False, widget=LINES)


class RescheduleForm(forms.Form):
    at = forms.CharField(
        label="Publish at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="On the clock of each client.",
    )
    although = forms.CharField(
        required=False,
        max_length=500,
        label="I mean it, because",
        help_text="More than a year ahead, or the same once more.",
    )


class RecoverForm(forms.Form):
    reason = forms.CharField(widget=LINES, help_text="Kept with the post.")
    urgency = forms.ChoiceField(choices=Recovery.Urgency.choices)


class PauseForm(TheirForm, ReasonForm):
    client = forms.ModelChoiceField(Client.objects.all(), required=False, empty_label="every client")
    platform = forms.ChoiceField(choices=[("", "every platform"), *SocialAccount.PlatformName.choices], required=False)
    account = forms.ModelChoiceField(
        SocialAccount.objects.select_related("client"), required=False, empty_label="every account"
    )
