"""What clients have said about a draft, and whether anybody has answered. The one place that decides it."""

from typing import TYPE_CHECKING

from django.db import models

from approval.clientlinks.models import ClientLink, Comment
from approval.decision import APPROVING, Decision
from approval.seeing import Seen
from sophia.doors import Via
from sophia.refusals import WantsReason

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

EXCERPT = 200


class Unanswered(WantsReason):
    """A client has said something, and whoever approves has not said why it goes out all the same. A reason for
    another thing, such as a twin, is no answer to them, and theirs is none to that."""

    FIELD = "answer"


class Heard(models.Model):
    """The part of Draft that its client comments on. An edit on the desk answers, and so does an approval that gives a
    reason. What a machine revises answers nobody."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def comments(self) -> "RelatedManager[Comment]": ...
        def digest(self) -> str: ...

    @property
    def unanswered(self) -> list[Comment]:
        """In order. Read once, and again after `lock`."""
        models.prefetch_related_objects([self], "comments__link__client")
        return [comment for comment in self.comments.all() if comment.answer_id is None]

    def require_answered(self, answer: str, seen: Seen, link: ClientLink | None = None) -> None:
        """Under the draft's lock, which every comment takes too: none comes in between this and the approval. Who
        approves through the `link` through which they wrote gives the answer to themselves."""
        asking = self.unanswered
        if any(comment.link_id != link_id(link) for comment in asking) and not answer.strip():
            raise Unanswered(f"{quoted(asking)} Change the draft, or say why it is approved as it is.")
        if news := [comment for comment in asking if not seen.includes(comment)]:
            raise Unanswered(f"{quoted(news)} That came in while you looked. Read it, then decide.")

    def answer(self, decision: Decision, seen: Seen) -> None:
        """Whatever was on the screen. An approval that is taken back answers nobody any more."""
        by_hand = decision.verb == Decision.Verb.EDITED and decision.via == Via.WEB
        if by_hand or decision.verb in APPROVING:
            heard = [comment.pk for comment in self.comments.filter(answer=None) if seen.includes(comment)]
            self.comments.filter(pk__in=heard).update(answer=decision)
        if decision.verb == Decision.Verb.EDITED:
            # It is again as it was when they objected.
            self.comments.filter(answer__verb=decision.verb, digest=decision.digest).update(answer=None)
        if decision.verb == Decision.Verb.REOPENED:
            self.comments.filter(answer__verb__in=APPROVING).update(answer=None)


def link_id(link: ClientLink | None) -> int | None:
    return link.pk if link else None


def quoted(comments: list[Comment]) -> str:
    said = [f"{comment.link.person} ({comment.link.client}) wrote: “{comment.text[:EXCERPT]}”" for comment in comments]
    return " ".join(said)
