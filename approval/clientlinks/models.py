"""A link that lets one person at a client see, comment on and perhaps approve their drafts, without an account."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from approval.clientlinks import tokens
from publishing.models import Client
from sophia import people, security
from sophia.doors import Via
from sophia.membership import Visible
from sophia.notifications.announce import announce
from sophia.refusals import NotAcceptable, NotAllowed, WrongState
from sophia.signin import requirement

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from approval.models import Draft

LONGEST = timedelta(days=366)
MOST_A_MINUTE = 60
"""Pages and comments of one link. A person does not read quicker."""
LONGEST_COMMENT = 4000
SHA256 = re.compile(r"[0-9a-f]{64}")


class ClientLinkQuerySet(Visible["ClientLink"]):
    def make(
        self, *, by: User, client: Client, person: str, expires_at: datetime, approving: bool = False
    ) -> tuple["ClientLink", str]:
        """A new link and its token, which nobody can read again. Who lets it approve must be allowed to approve."""
        people.require(by, people.CLIENT_LINK, of=client.pk)
        now = timezone.now()
        if not now < expires_at <= now + LONGEST:
            raise NotAcceptable("A link ends on a day in the future, within a year.")
        token, fingerprint = tokens.fresh()
        grant = {}
        if approving:
            people.require(by, people.APPROVE, of=client.pk)
            requirement.require_second_factor(by, Via.WEB)
            grant = {"may_approve_since": now, "may_approve_by": by}
        made = {"client": client, "person": person.strip(), "made_by": by, "expires_at": expires_at}
        with transaction.atomic():
            link = self.create(**made, fingerprint=fingerprint, **grant)
            said = "Made, to look, comment and approve." if approving else "Made, to look and comment."
            security.note(security.Kind.CLIENT_LINK, by=by, about=link, said=said)
        return link, token

    def behind(self, token: str) -> "ClientLink | None":
        """The link with this token, ended or not."""
        fingerprint = tokens.read(token)
        rows = self.select_related("client", "may_approve_by", "made_by")
        return rows.filter(fingerprint=fingerprint).first() if fingerprint else None


class ClientLink(models.Model):
    client = models.ForeignKey(Client, models.PROTECT, related_name="links")
    person = models.CharField(max_length=100, help_text="Whom it is for. Their comments and approvals carry this name.")
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    may_approve_since = models.DateTimeField(null=True, blank=True)
    may_approve_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Who answers for what it approves."
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClientLinkQuerySet.as_manager()

    if TYPE_CHECKING:

        @property
        def visits(self) -> "RelatedManager[Visit]": ...
        @property
        def comments(self) -> "RelatedManager[Comment]": ...

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(may_approve_since__isnull=True, may_approve_by__isnull=True)
                | Q(may_approve_since__isnull=False, may_approve_by__isnull=False),
                name="right_to_approve_has_a_giver",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Link of {self.person} ({self.client})"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at

    @property
    def may_approve(self) -> bool:
        """It was given the right, by somebody who still holds it."""
        giver = self.may_approve_by
        if giver is None or requirement.is_lacking(giver):
            return False
        return people.may(giver, people.APPROVE, of=self.client_id)

    @property
    def is_hurried(self) -> bool:
        lately = timezone.now() - timedelta(minutes=1)
        return self.visits.filter(at__gt=lately)[:MOST_A_MINUTE].count() >= MOST_A_MINUTE

    def revoke(self, *, by: User) -> None:
        people.require(by, people.CLIENT_LINK, of=self.client_id)
        with transaction.atomic():
            self.hold()
            if self.revoked_at:
                raise WrongState(f"{self.revoked_by} has revoked it already.")
            self.revoked_at, self.revoked_by = timezone.now(), by
            self.save(update_fields=["revoked_at", "revoked_by"])
            security.note(security.Kind.CLIENT_LINK, by=by, about=self, said="Revoked.")

    def visit(self, draft: "Draft | None" = None) -> None:
        """Somebody looks: at the list, or at this draft as it is now."""
        self.visits.create(draft=draft, digest=draft.digest() if draft else "")

    def comment(self, draft: "Draft", *, text: str, digest: str) -> None:
        """What they say about the version that `digest` stands for. Said twice in a row, it is kept once."""
        text = text.replace("\r\n", "\n").strip()
        if not text or len(text) > LONGEST_COMMENT or "\0" in text:
            raise NotAcceptable(f"Write something, up to {LONGEST_COMMENT:,} characters.")
        with transaction.atomic():
            self.require_open()
            self.require_waiting(draft)
            last = self.comments.order_by("-pk").values("draft_id", "text").first()
            if last == {"draft_id": draft.pk, "text": text}:
                return
            self.comments.create(draft=draft, text=text, digest=self.shown(draft, digest))
            sentence = f"{self.person} ({self.client}) comments on {draft}: “{text[:200]}”"
            announce("draft.commented", sentence, link=draft.get_absolute_url(), client=self.client_id)

    def shown(self, draft: "Draft", digest: str) -> str:
        """The digest, where this link was really shown that version."""
        known = SHA256.fullmatch(digest) and self.visits.filter(draft=draft, digest=digest).exists()
        return digest if known else ""

    def approve(self, draft: "Draft", *, digest: str, answer: str = "", **seen: Any) -> None:
        """In the name of whoever gave this link the right, who must still hold it: they are the approver, and the
        decision names the link. NotAllowed, WrongState or ChangedUnderneath as for everybody."""
        with transaction.atomic():
            self.require_open()
            if self.may_approve_by is None:
                raise NotAllowed("This link lets you look and comment. Your agency approves.")
            if not self.may_approve:
                raise NotAllowed("The person who let this link approve may not do so any more. Ask your agency.")
            self.require_waiting(draft)
            draft.approve(
                by=self.may_approve_by, digest=digest, answer=answer, via=Via.CLIENT, client_link=self, **seen
            )

    def require_open(self) -> None:
        """Until the end of the caller's transaction it stays so."""
        self.hold()
        if not self.is_open:
            raise LinkEnded("This link has ended.")

    def require_waiting(self, draft: "Draft") -> None:
        draft.lock()
        if draft.account.client_id != self.client_id:
            raise NotAllowed("This draft is not yours.")
        if draft.state != draft.State.IN_REVIEW:
            raise WrongState("This post has been decided meanwhile. There is nothing left to do about it here.")

    def hold(self) -> None:
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())


class LinkEnded(WrongState):
    """It was revoked or ran out, perhaps while its page was open."""


class OfALink(Visible[Any]):
    whose = "link__client"


class Visit(models.Model):
    """Somebody opened a page of a link. `digest` tells which version of the draft they were shown."""

    link = models.ForeignKey(ClientLink, models.PROTECT, related_name="visits")
    draft = models.ForeignKey("approval.Draft", models.PROTECT, null=True, blank=True, related_name="visits")
    at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64, blank=True)

    objects = OfALink.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["link", "at"]), models.Index(fields=["draft", "at"])]

    def __str__(self) -> str:
        return f"{self.link.person} looked at {self.draft or 'the list'}"


class Comment(models.Model):
    """What a client says about a draft, and which version of it they had seen."""

    draft = models.ForeignKey("approval.Draft", models.PROTECT, related_name="comments")
    link = models.ForeignKey(ClientLink, models.PROTECT, related_name="comments")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()
    digest = models.CharField(max_length=64, blank=True)
    answer = models.ForeignKey(
        "approval.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered",
        help_text="The edit after it, or the approval past it. Empty: nobody has answered.",
    )

    objects = OfALink.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.link.person}: {self.text[:60]}"
