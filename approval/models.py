"""A post being judged, and the record of who judged it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import GET_STATE, FSMField

from approval.agreeing import Agreed
from approval.batches.models import Batch as Batch
from approval.clientlinks.models import ClientLink as ClientLink
from approval.decision import TURNED_DOWN
from approval.decision import Decision as Decision
from approval.hearing import Heard
from approval.identity import Identified
from approval.link_checks import LinkCheck as LinkCheck
from approval.pictures import DraftPicture as DraftPicture
from approval.seeing import UNSEEN, Seen
from approval.staleness import Waiting
from approval.states import DECIDED, DraftState, is_decided, judged
from approval.suggesting import RUNNING_OUT, Suggested
from approval.typed import tidy, tidy_link
from approval.versions import BESIDE, MOST_EDITS, Pictures, beside, changes_since, cuts_of, difference
from publishing.models import Image, Post, Publication, Recovery, SocialAccount, Use
from publishing.models.states import Mode
from sophia import fields, moments, people
from sophia.doors import Via
from sophia.membership import Visible
from sophia.notifications.announce import announce
from sophia.refusals import ChangedUnderneath, NotAllowed, Refused, WrongState
from sophia.signin.requirement import require_second_factor
from sophia.transitions import Stateful, saved_transition

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class DraftQuerySet(Visible["Draft"]):
    whose = "account__client"

    def in_review(self) -> "DraftQuerySet":
        return self.filter(state=DraftState.IN_REVIEW)

    def stale(self, now: datetime) -> "DraftQuerySet":
        """In review for longer than the first of SOPHIA_STALE_AFTER."""
        return self.in_review().filter(submitted_at__lte=now - settings.SOPHIA_STALE_AFTER[0])

    def running_out(self, now: datetime) -> "DraftQuerySet":
        """In review, and their suggested time passes within a day, or has."""
        return self.in_review().filter(suggested_at__lte=now + RUNNING_OUT).order_by("suggested_at", "pk")

    def write(
        self,
        *,
        by: User | None,
        account: SocialAccount,
        text: str = "",
        link: str = "",
        pictures: Pictures = (),
        via: str = Via.WEB,
        **details: Any,
    ) -> "Draft":
        """A new draft. Without `by` it comes from a machine. NotAcceptable when the platform would refuse it."""
        if by:
            people.require(by, people.SUBMIT, of=account.client_id)
        if suggested_at := details.get("suggested_at"):
            moments.within_horizon(suggested_at)
        details["title"] = tidy(details.get("title", ""))
        with transaction.atomic():
            draft = self.create(account=account, author=by, text=tidy(text), link=tidy_link(link), **details)
            draft.set_pictures(pictures, by)
            draft.require_acceptable()
            draft.decide("written", by, via)
        return draft


class Draft(Identified, Agreed, Heard, Waiting, Suggested, Post, Stateful):
    State = DraftState

    state = FSMField(max_length=10, default=DraftState.DRAFT, choices=DraftState.choices, protected=True)
    title = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="drafts")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    publication = models.OneToOneField(Publication, models.PROTECT, null=True, blank=True, related_name="draft")
    replaces = models.OneToOneField(Recovery, models.PROTECT, null=True, blank=True, related_name="replacement")

    objects = DraftQuerySet.as_manager()

    if TYPE_CHECKING:

        @property
        def decisions(self) -> "RelatedManager[Decision]": ...

    class Meta:
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(fields=["state", "submitted_at"]),
            models.Index(fields=["submitted_at", "id"]),
            models.Index(fields=["state", "reminders", "submitted_at"], name="draft_to_remind"),
        ]
        permissions = [
            ("approve_draft", "Can approve drafts"),
            ("review_draft", "Can reject, skip and reopen drafts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DraftState.APPROVED) | Q(publication__isnull=False),
                name="approved_has_a_publication",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.title}”" if self.title else f"Draft {self.pk} ({self.account})"

    def get_absolute_url(self) -> str:
        return reverse("approval:draft", args=[self.pk])

    @property
    def stage(self) -> str:
        """Where it is, for people: the publication knows once there is one."""
        if self.state == DraftState.APPROVED and self.publication:
            return str(self.publication.get_state_display())
        return str(self.get_state_display())

    @saved_transition(state, [DraftState.DRAFT, DraftState.REJECTED, DraftState.SKIPPED], DraftState.IN_REVIEW)
    def submit(self, *, by: User | None = None, via: str = Via.WEB, note: str = "") -> None:
        """Ask for a decision. Without `by` a machine asks."""
        if by:
            people.require(by, people.SUBMIT, of=self.client_id)
        if by and self.comes_back_unchanged and not note.strip():
            raise Refused("It was rejected as it is now. Change it, or say why it should be judged again.")
        self.require_acceptable()
        self.start_waiting()
        LinkCheck.objects.ask(self)
        self.decide("submitted", by, via, note=note)

    @saved_transition(state, DraftState.IN_REVIEW, DraftState.DRAFT)
    def withdraw(self, *, by: User, note: str = "", via: str = Via.WEB) -> None:
        """Its side takes it back: nobody need judge it. It can be edited and submitted again."""
        people.require(by, people.SUBMIT, of=self.client_id)
        self.decide("withdrawn", by, via, note=note)

    def edit(
        self,
        *,
        by: User,
        text: str,
        link: str,
        pictures: Pictures,
        digest: str,
        via: str = Via.WEB,
        note: str = "",
        seen: Seen = UNSEEN,
        **details: Any,
    ) -> None:
        """Change the content that `digest` stands for. Who has the old version on screen can no longer approve it.
        `seen`: the comments that it answers. `details`: a new `title` or `suggested_at`. What is left out of them
        stays."""
        people.require(by, people.SUBMIT, of=self.client_id)
        with transaction.atomic():
            self.lock()
            if self.state == DraftState.APPROVED:
                raise WrongState("This draft is approved. Reopen it first: that takes it out of the queue.")
            self.require_unchanged(digest)
            self.require_edits_left()
            before = self.whole()
            self.text, self.link = tidy(text), tidy_link(link)
            self.set_details(**details)
            self.set_pictures(pictures, by)
            self.require_acceptable()
            self.save()
            if diff := difference(before, self.whole()):
                LinkCheck.objects.ask(self)
                self.decide("edited", by, via, seen, note=note, diff=diff, cuts=cuts_of(diff))

    @saved_transition(state, DraftState.IN_REVIEW, GET_STATE(judged, [DraftState.APPROVED, DraftState.IN_REVIEW]))
    def approve(
        self,
        *,
        by: User,
        digest: str,
        at: datetime | None = None,
        exact: bool = False,
        override: str = "",
        although: str = "",
        answer: str = "",
        mode: str = Mode.AUTO,
        via: str = Via.WEB,
        note: str = "",
        client_link: ClientLink | None = None,
        seen: Seen = UNSEEN,
    ) -> None:
        """Seal what was on the reviewer's screen, which `digest` stands for, and set it going in the next free slot at
        `at` or later; or at `at` itself, when that is `exact` and free, or there is a reason to `override` the cadence.
        Without `at` its suggested time is taken, while that is ahead. More than a year ahead, and the same
        once more, want an `although`; what a client has said wants an `answer`. `seen`: what was on the screen.
        Where the client wants two people, the first approval is kept and the draft stays in review for the second.
        """
        people.require(by, people.APPROVE, of=self.client_id)
        require_second_factor(by, via)
        if objection := self.objection(by):
            raise NotAllowed(objection)
        self.require_unchanged(digest)
        self.require_answered(answer, seen, client_link)
        first, kept = self.agreement, {"client_link": client_link, "shown": seen.document(self)}
        if self.wants_a_first:
            self.require_acceptable()
            self.decide("agreed", by, via, seen, note="\n".join(filter(None, [note, answer.strip()])), **kept)
            return
        self.publication = Publication.objects.schedule(
            self,
            approved_by=by,
            agreed_by=first.by if first else None,
            at=at or self.default_time(),
            mode=mode,
            exact=exact,
            override=override,
            although=although,
        )
        broke = f"Out of cadence: {override.strip()}" if override.strip() else ""
        note = "\n".join(filter(None, [note, broke, although.strip(), answer.strip()]))
        self.decide("approved", by, via, seen, note=note, publication=self.publication, **kept)

    @saved_transition(state, DraftState.IN_REVIEW, DraftState.REJECTED)
    def reject(self, *, by: User, tags: Sequence[str] = (), note: str = "", via: str = Via.WEB) -> None:
        people.require(by, people.REVIEW, of=self.client_id)
        self.decide("rejected", by, via, tags=list(tags), note=note)

    @saved_transition(state, DraftState.IN_REVIEW, DraftState.SKIPPED)
    def skip(self, *, by: User, note: str = "", via: str = Via.WEB) -> None:
        people.require(by, people.REVIEW, of=self.client_id)
        self.decide("skipped", by, via, note=note)

    @saved_transition(state, [*DECIDED, DraftState.IN_REVIEW], DraftState.IN_REVIEW, conditions=[is_decided])
    def reopen(self, *, by: User, note: str = "", via: str = Via.WEB) -> None:
        """Judge it again. An approved one leaves the queue, if it can still be stopped; of one in review the first of
        two approvals is taken back."""
        people.require(by, people.REVIEW, of=self.client_id)
        publication, self.publication = self.publication, None
        if publication and not publication.is_cancelled:
            publication.withdraw(by=by)
        if self.state != DraftState.IN_REVIEW:
            self.start_waiting()
        self.decide("reopened", by, via, note=note, publication=publication)

    def require_unchanged(self, digest: str) -> None:
        if digest == self.digest():
            return
        diff = changes_since(digest, list(self.decisions.order_by("pk")))
        raise ChangedUnderneath("This draft was changed while you looked at it. Read the change, then decide.", diff)

    def require_edits_left(self) -> None:
        """Each edit is read again with every page of the draft."""
        if self.decisions.filter(verb=Decision.Verb.EDITED).count() >= MOST_EDITS:
            raise WrongState(f"This draft was edited {MOST_EDITS} times. Write a new one with the same text.")

    def set_pictures(self, pictures: Pictures, person: User | None) -> None:
        names = list(dict.fromkeys(image.pk for image, _ in pictures))
        if Image.objects.usable_by(person).filter(pk__in=names).count() < len(names):
            raise NotAllowed("An image is not kept any more, or is not yours to use. Add it again.")
        Use.objects.note(names, self.client_id)
        self.pictures.all().delete()
        self.__dict__.pop("_prefetched_objects_cache", None)
        for position, (image, alt) in enumerate(pictures):
            self.pictures.create(position=position, image=image, alt=tidy(alt))

    def whole(self) -> dict[str, Any]:
        return self.manifest() | beside(self.title, self.suggested_at)

    def set_details(self, **details: Any) -> None:
        fields.require_known(details, BESIDE)
        for name, value in details.items():
            setattr(self, name, value)
        if self.suggested_at:
            moments.within_horizon(self.suggested_at)

    def decide(self, verb: str, by: User | None, via: str, seen: Seen = UNSEEN, **details: Any) -> None:
        decision = self.decisions.create(verb=verb, by=by, via=via, digest=self.digest(), **details)
        self.answer(decision, seen)
        meant_for = self.writers() - {by} if verb in TURNED_DOWN else ()
        link, client = self.get_absolute_url(), self.account.client_id
        announce(decision.kind, decision.sentence, link=link, client=client, meant_for=meant_for)

    def refusal(self, verb: str) -> str:
        last = self.decisions.exclude(verb="edited").order_by("pk").last()
        who = f" by {last.by}" if last and last.by else ""
        if self.state == DraftState.DRAFT:
            return f"Cannot {verb} draft {self.pk}: it has not been submitted for review."
        return f"Cannot {verb} draft {self.pk}: it is {self.get_state_display()}{who}."
