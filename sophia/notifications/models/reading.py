from django.contrib.auth.models import User
from django.db import models


class Reading(models.Model):
    """How far a person has read the notices."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    up_to = models.BigIntegerField(default=0, help_text="The number of the latest notice they have read.")

    def __str__(self) -> str:
        return f"{self.person} has read up to notice {self.up_to}"
