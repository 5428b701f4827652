"""The frozen copy of what was approved, on its way or out. `flight.py` holds what workers do with it."""

import dataclasses
import json
import uuid
from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from publishing import seal, slots
from publishing.models import twins
from publishing.models.entry import fault_in
from publishing.models.naming import Naming
from publishing.models.post import Post, public_address
from publishing.models.queue import PublicationQuerySet, far, overridden, possible, require_near
from publishing.models.recorded import Recorded
from publishing.models.states import CANCELLABLE, NEEDING_A_PERSON, KnownBy, Mode, State
from publishing.platforms.base import Content, Receipt, Reference, Seen
from sophia import people
from sophia.refusals import Refused, WrongState
from sophia.transitions import saved_transition


class Publication(Recorded, Naming):
    State = State
    Mode = Mode

    approved_by = models.ForeignKey(User, models.PROTECT, related_name="approved_publications")
    approved_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="The first of two who approved it."
    )
    approval_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="A seal is for one row.")
    seal = models.CharField(max_length=100)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["publish_at", "pk"]
        indexes = [
            models.Index(fields=["publish_at", "id"]),
            models.Index(fields=["published_at"]),
            models.Index(fields=["state", "publish_at"]),
            models.Index(fields=["state", "reconcile_at"]),
            models.Index(fields=["account", "publish_at"]),
            models.Index(fields=["account", "published_at"]),
            models.Index(fields=["watch_at"], condition=Q(watch_at__isnull=False), name="publication_to_look_at"),
            models.Index(fields=["state", "preflight_at"], name="publication_to_preflight"),
        ]
        permissions = [
            ("operate_publication", "Can retry, reschedule, cancel and settle publications"),
            ("recover_publication", "Can take posts down"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "post_id"], condition=~Q(post_id=""), name="one_publication_per_post"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("approved_by")), name="two_who_approve_are_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False), name="published_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHING) | Q(claim_token__isnull=False, claimed_until__isnull=False),
                name="publishing_has_a_claim",
            ),
            models.CheckConstraint(condition=~Q(seal=""), name="publication_is_sealed"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="publication_has_a_known_mode"),
        ]

    def __str__(self) -> str:
        return f"Publication {self.pk} ({self.account})"

    def get_absolute_url(self) -> str:
        return reverse("publishing:publication", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_recovered(self) -> bool:
        return self.state == State.RECOVERED

    @property
    def needs_a_person(self) -> bool:
        asked = self.reconcile_at is None or self.asked_at is not None
        stuck = self.state in NEEDING_A_PERSON or (self.state == State.UNCONFIRMED and asked)
        return stuck or self.is_unidentified

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def can_be_cancelled(self) -> bool:
        return self.state in CANCELLABLE

    def damage(self, *, bytes_too: bool = True) -> str:
        """What no longer fits the approval, or nothing. Reads the rows, and the image bytes, as they are now."""
        for number, picture in enumerate(self.framed() if bytes_too else [], 1):
            if picture.bytes_if_intact() is None:
                return f"the file of image {number} is not the one that was approved"
        digest = self.digest()
        if not seal.holds(self.seal, self.statement(digest), self.earlier_statement(digest)):
            return "text, link, images, alt texts, account, mode or approver are not what was approved"
        if self.reference is not None and not self.reference_holds():
            return "what was prepared on the platform is not what Sophia prepared"
        return ""

    def statement(self, digest: str) -> str:
        """What the seal is over: the content, who approved, the time, and that it is for this row and this mode."""
        return seal.statement(
            "approval",
            content=digest,
            approval=str(self.approval_id),
            approved_by=self.approved_by_id,
            approved_at=self.approved_at,
            agreed_by=self.agreed_by_id,
            mode=self.mode,
        )

    def earlier_statement(self, digest: str) -> str:
        approved_at = self.approved_at.astimezone(UTC).isoformat()
        agreed = f" {self.agreed_by_id}" if self.agreed_by_id else ""
        return f"{digest} {self.approved_by_id} {approved_at} {self.approval_id} {self.mode}{agreed}"

    def reference_statement(self) -> str:
        return seal.statement("reference", approval=str(self.approval_id), seal=self.seal, reference=self.reference)

    def reference_holds(self) -> bool:
        earlier = f"{self.approval_id} {self.seal} {json.dumps(self.reference, sort_keys=True)}"
        return seal.holds(self.reference_seal, self.reference_statement(), earlier)

    def proved_reference(self) -> Reference:
        """What Sophia prepared on the platform. Nothing, where the seal over it does not fit."""
        return self.reference if self.reference and self.reference_holds() else {}

    def renew_seal(self) -> None:
        """With today's SECRET_KEY, and so its history, which begins here where it has none. Refused where one does not
        fit, and while a worker holds it: the worker knows the old seal."""
        with transaction.atomic():
            self.lock()
            if self.claimed_until and self.claimed_until > timezone.now():
                raise WrongState(f"{self} keeps its old seal: a worker holds it. Try again in two minutes.")
            if damage := self.damage(bytes_too=False) or fault_in(list(self.history.all())):
                raise Refused(f"{self} keeps its old seal, which does not fit: {damage}.")
            is_new = seal.is_earlier(self.seal)
            self.seal = seal.make(self.statement(self.digest()))
            if self.reference is not None:
                self.reference_seal = seal.make(self.reference_statement())
            self.preparations.renew_seals()
            self.save(update_fields=["seal", "reference_seal"])
            if is_new:
                self.record("vouch", {}, None)
            else:
                self.renew_history()

    def sealed_content(self) -> Content:
        """Exactly what was approved, with its bytes, proved once more as it is read. Refused when it is not."""
        pictures = self.framed()
        loaded = [(picture, picture.bytes_if_intact()) for picture in pictures]
        images = tuple(
            dataclasses.replace(picture.outline(), data=data, url=public_address(self.pk, picture.image))
            for picture, data in loaded
            if data is not None
        )
        if damage := self.damage(bytes_too=False):
            raise Refused(f"Changed since approval: {damage}. Nothing was sent.")
        if len(images) != len(pictures):
            raise Refused("Changed since approval: an image file is gone. Nothing was sent.")
        return Content(self.text, self.link, images)

    def copy_pictures(self, post: Post) -> None:
        for picture in post.pictures.all():
            self.pictures.create(position=picture.position, image_id=picture.image_id, alt=picture.alt)

    @saved_transition("state", CANCELLABLE, State.CANCELLED)
    def cancel(self, *, by: User, reason: str = "") -> None:
        """It will not go out. Only what cannot be public can be cancelled."""
        people.require(by, people.OPERATE, of=self.client_id)
        self.reason = f"{by} cancelled it. {reason}".strip()
        self.lapse_takedowns()
        self.say("publication.cancelled", f"{by} cancelled {self}.")

    @saved_transition("state", CANCELLABLE, State.CANCELLED)
    def withdraw(self, *, by: User) -> None:
        """Its draft is being judged again, by somebody who may do that."""
        people.require(by, people.REVIEW, of=self.client_id)
        self.lapse_takedowns()
        self.reason = f"{by} reopened its draft."
        self.say("publication.cancelled", f"{self} is cancelled: {self.reason}")

    @saved_transition("state", [State.MISSED, State.FAILED], State.QUEUED)
    def retry(self, *, by: User, override: str = "", although: str = "") -> None:
        """Try again in the next free slot, with a fresh count of tries."""
        self.set_going(by, timezone.now(), override=override, although=although)

    @saved_transition("state", [State.QUEUED, State.MISSED, State.FAILED], State.QUEUED)
    def reschedule(
        self, *, by: User, at: datetime, exact: bool = False, override: str = "", although: str = ""
    ) -> None:
        """To the next free slot at `at` or later, or to `at` itself (slots.choose)."""
        self.set_going(by, at, exact=exact, override=override, although=although)

    @saved_transition("state", State.QUEUED, State.QUEUED)
    def respace(self, *, by: User, at: datetime) -> None:
        """To a later slot, because what held it is about to be lifted."""
        people.require(by, people.PAUSE, of=self.client_id)
        self.lock_account()
        self.slot_at = self.publish_at = slots.choose(self.account, at, [self.pk], exact=True)
        self.plan_preflight(timezone.now())
        self.reason = f"{by} lifted what held it: set for {self.local_time()}."
        self.set_alarm()
        self.say("publication.scheduled", f"{self} is set for {self.local_time()}.")

    def set_going(self, by: User, at: datetime, *, exact: bool = False, override: str = "", although: str = "") -> None:
        people.require(by, people.OPERATE, of=self.client_id)
        now = timezone.now()
        self.lock_account()
        wanted = possible(self.account, now, at)
        slot = slots.choose(self.account, wanted, [self.pk], exact=exact, override=override)
        self.ask_about_twins(slot, although, far(self.account, now, at))
        require_near(self.account, now, at, although)
        self.slot_at = self.publish_at = slot
        self.cadence_override = overridden(by, override)
        self.scheduled_at = now
        self.plan_preflight(now)
        self.reason = f"{by} set it for {self.local_time()}. {although.strip()}".strip()
        self.set_alarm()
        self.say("publication.scheduled", f"{by} set {self} for {self.local_time()}.")

    def ask_about_twins(self, slot: datetime, although: str, besides: str = "") -> None:
        """Those near which it was set already were asked about. What is sent again because it never arrived is the same
        post."""
        if self.state == State.UNCONFIRMED:
            return
        others = type(self).objects.exclude(pk=self.pk)
        if self.state == State.QUEUED:
            others = others.exclude(pk__in=twins.near(others, self.account, self.slot_at).values("pk"))
        twins.require_reason(others, self, self.account, slot, although, besides)

    @saved_transition("state", [State.HANDOFF, State.UNCONFIRMED], State.PUBLISHED)
    def confirm_by_hand(
        self,
        *,
        by: User,
        link: str = "",
        receipt: Receipt | None = None,
        note: str = "",
        seen: Seen | None = None,
        how: str = KnownBy.PERSON,
    ) -> None:
        """A person has seen it live, or has posted it from the package. `receipt`: which post it is, and `how` that is
        known. `seen`: as it was then, which is no news later."""
        people.require(by, people.OPERATE, of=self.client_id)
        if receipt:
            self.require_own(receipt)
        self.permalink = link.strip() or self.permalink
        self.name(receipt or Receipt(""), how, by if how == KnownBy.PERSON else None)
        self.published_at = self.published_at or timezone.now()
        self.begin_watch()
        self.preparations.end("used")
        if seen:
            self.sighted(timezone.now(), seen, []).save()
        self.reconcile_at, self.reason = None, f"{by} says that it is live. {note}".strip()
        self.say("publication.published", f"{by} confirmed that {self} is live.")

    @saved_transition("state", State.UNCONFIRMED, State.QUEUED)
    def deny_by_hand(self, *, by: User, note: str = "") -> None:
        """A person has looked and it is not live: send it now."""
        people.require(by, people.OPERATE, of=self.client_id)
        self.reconcile_at = None
        self.let_go()
        self.candidates.refuse(by=by)
        self.set_going(by, timezone.now())
        self.reason = f"{self.reason} {note}".strip()

    def refusal(self, verb: str) -> str:
        if verb in {"cancel", "withdraw"} and self.state not in CANCELLABLE:
            return f"{self} is {self.get_state_display()} and cannot be stopped any more. {AFTERWARDS[self.state]}"
        return super().refusal(verb)

    def local_time(self) -> str:
        return self.account.clock(self.publish_at)


AFTERWARDS = {
    State.PUBLISHING: "Take it down instead: Sophia does that as soon as it is out.",
    State.UNCONFIRMED: "Take it down instead: Sophia does that as soon as it is known to be live.",
    State.PUBLISHED: "Take it down instead.",
    State.CANCELLED: "It is cancelled already.",
    State.RECOVERED: "It has been taken down already.",
}
