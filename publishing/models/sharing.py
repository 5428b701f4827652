"""A token of a person that several accounts use. It dies once, and is renewed once."""

from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models

from publishing.platforms.base import PlatformError
from sophia.refusals import Refused

if TYPE_CHECKING:
    from publishing.models.account import SocialAccount


class Sharing(models.Model):
    """The part of SocialAccount that may share its token."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        token: Any
        token_tail: Any

        def connect_alone(
            self, *, token: str | None = None, by: User | None = None, **details: Any
        ) -> tuple[str, ...]: ...

    def connect(self, *, token: str | None = None, by: User | None = None, **details: Any) -> tuple[str, ...]:
        """As `connect_alone`, and then the others that had the same old token, each by its own check."""
        others = self.sharers() if token is not None else []
        found = self.connect_alone(token=token, by=by, **details)
        ends = {name: details[name] for name in ("token_expires_at",) if name in details}
        return (*found, *(other.follow(self.token, by, ends) for other in others if other.token != self.token))

    def sharers(self) -> "list[SocialAccount]":
        """The others whose token is the one that this has in the database. The only place that compares tokens."""
        every: Any = type(self)._base_manager
        rows = every.select_related("client")
        mine = rows.filter(pk=self.pk).first() if self.pk else None
        if mine is None or not mine.token:
            return []
        others = rows.filter(token_tail=mine.token_tail).exclude(pk=self.pk).order_by("pk")
        return [other for other in others if compare_digest(other.token.encode(), mine.token.encode())]

    def follow(self, token: str, by: User | None, ends: dict[str, datetime | None]) -> str:
        """Take the new token too, if the platform agrees. What it does not agree to stays as it was."""
        try:
            self.connect_alone(token=token, by=by, **ends)
        except (PlatformError, Refused) as refused:
            return f"{self} had the same old token, and does not take the new one: {refused} Connect it by itself."
        return f"{self} had the same old token, and has the new one now."
