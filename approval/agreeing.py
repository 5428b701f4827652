"""Who has to approve a draft before it goes out: by the rule of its client, and for the version that it is now."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models

from approval.decision import TURNED_DOWN, Decision
from publishing.models import Client, SocialAccount
from sophia import people

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

WROTE = {Decision.Verb.WRITTEN, Decision.Verb.EDITED}


class Agreed(models.Model):
    """The part of Draft that knows who approves it. Asks nothing of the database where one person is enough."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        account: SocialAccount

        @property
        def decisions(self) -> "RelatedManager[Decision]": ...
        @property
        def client_id(self) -> int: ...
        def digest(self) -> str: ...

    @property
    def rule(self) -> str:
        return self.account.client.approval_rule

    @property
    def agreement(self) -> Decision | None:
        """The first of two approvals, where it stands. Whatever was decided or edited after it makes it void, and so
        does it that its giver may not approve any more."""
        last = self.told()[-1:] if self.rule == Client.Rule.TWO else []
        if not last or last[0].verb != Decision.Verb.AGREED or last[0].digest != self.digest():
            return None
        by = last[0].by
        return last[0] if by and people.may(by, people.APPROVE, of=self.client_id) else None

    @property
    def written_by(self) -> User | None:
        """Who first wrote it as it is now: to change it back is to write nothing. Nobody, where a machine did."""
        wrote = [one for one in self.told() if one.verb in WROTE]
        return next((one.by for one in wrote if one.digest == self.digest()), wrote[-1].by if wrote else None)

    def writers(self) -> set[User]:
        """Whoever had a hand in it, and waits to hear what became of it."""
        return {one.by for one in self.told() if one.by and one.verb in WROTE | {Decision.Verb.SUBMITTED}}

    @property
    def turned_down(self) -> Decision | None:
        """Why it came back to its writers, until it is submitted again."""
        decided = [one for one in self.told() if one.verb != Decision.Verb.EDITED]
        return decided[-1] if decided and decided[-1].verb in TURNED_DOWN else None

    @property
    def comes_back_unchanged(self) -> bool:
        """It was rejected as it is now."""
        back = self.turned_down
        return back is not None and back.verb == Decision.Verb.REJECTED and back.digest == self.digest()

    def told(self) -> list[Decision]:
        """In order. Read once where a list has prefetched them."""
        if "decisions" in getattr(self, "_prefetched_objects_cache", {}):
            return sorted(self.decisions.all(), key=lambda one: one.pk)
        return list(self.decisions.select_related("by").order_by("pk"))

    def objection(self, by: User) -> str:
        """Why the approval of this person is not the one that is wanted. Nothing, where it is."""
        if self.rule == Client.Rule.ANOTHER and self.written_by == by:
            wants = f"{self.account.client} wants another person than the author to approve"
            return f"{wants}, and this version is by {by}."
        if self.rule == Client.Rule.TWO and (first := self.agreement) and first.by_id == by.pk:
            return f"{by} has approved it already. {self.account.client} wants another person to approve it too."
        return ""

    @property
    def wants_a_first(self) -> bool:
        """The next approval is the first of two: another one is needed after it."""
        return self.rule == Client.Rule.TWO and self.agreement is None
