from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from sophia import moments
from sophia.refusals import Refused


class MoveForm(forms.Form):
    """`at` is typed on the client's clock, or comes with its offset from where it was dropped."""

    at = forms.CharField(max_length=40, error_messages={"required": "Choose a day and a time."})
    override = forms.CharField(required=False, max_length=500)
    although = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any):
        super().__init__(*args, **options)
        self.zone = zone

    def clean_at(self) -> datetime:
        try:
            return moments.parse(self.cleaned_data["at"], self.zone)
        except Refused as refused:
            raise ValidationError(str(refused)) from None
