"""Saying which post a publication is: by a person who sees it there, or by what only Sophia had prepared."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from publishing.models.candidate import Candidate
from publishing.models.identification import Identification
from publishing.models.restored import Restored
from publishing.models.states import KnownBy, State
from publishing.platforms import ownership
from publishing.platforms.base import Platform, Receipt, Reference
from sophia import people
from sophia.refusals import Refused, WrongState

if TYPE_CHECKING:
    from publishing.models.queue import PublicationQuerySet

LOOK_BACK = timedelta(days=7)
"""How long before its slot a person may have posted it."""
NAMED = ["post_id", "permalink", "known_by", "named_by", "watch_at"]


class Naming(Restored):
    """The part of Publication that is named afterwards."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        def confirm_by_hand(self, *, by: User, receipt: Receipt | None = None) -> None: ...
        def proved_reference(self) -> Reference: ...

    def identify(self, candidate: Candidate, *, by: User) -> None:
        """“This is ours”, says a person who has seen it."""
        require_eyes(by, self.client_id)
        with transaction.atomic():
            self.lock()
            if not self.asks_which:
                raise WrongState(f"{self} is {self.get_state_display()}: nobody asks which post it is.")
            self.require_own(candidate.receipt)
            if self.state == State.PUBLISHED:
                self.take_name(candidate.receipt, by)
            elif self.state == State.UNCONFIRMED:
                self.confirm_by_hand(by=by, receipt=candidate.receipt)
            else:
                self.recognise(candidate, by=by)
            self.account.gap_posts.filter(post_id=candidate.post_id).update(publication=self.pk)

    def require_own(self, receipt: Receipt) -> None:
        if other := self.others_with(receipt).first():
            raise Refused(f"That post belongs to {other}. Copy the link of this one.")

    def others_with(self, receipt: Receipt) -> "PublicationQuerySet":
        return self.account.publications.filter(post_id=receipt.post_id).exclude(pk=self.pk)

    def take_name(self, receipt: Receipt, by: User | None, how: str = KnownBy.PERSON) -> None:
        """It is out already. A take-down that waited for this goes on. In the caller's transaction."""
        self.name(Receipt(receipt.post_id, receipt.permalink or self.permalink), how, by)
        self.begin_watch()
        self.save(update_fields=NAMED)
        self.identifications.settle(Identification.How(how), by)
        self.say("publication.identified", f"It is known which post {self} is: {self.known_how}.")
        for recovery in self.recoveries.open().exclude(executed_by=None):
            if not recovery.is_executing:
                recovery.resume()

    def refuse_candidate(self, candidate: Candidate, *, by: User) -> None:
        """“Not ours”. Where it was taken for ours by its words, nobody knows any more which post it is."""
        require_eyes(by, self.client_id)
        with transaction.atomic():
            self.lock()
            if not self.asks_which:
                raise WrongState(f"{self} is {self.get_state_display()}: nobody asks which post it is.")
            Candidate.objects.filter(publication=self.pk, pk=candidate.pk).refuse(by=by)
            if self.state == State.PUBLISHED and self.post_id == candidate.post_id:
                self.permalink = ""
                self.name(Receipt(""), "")
                self.watch_at = None
                self.save(update_fields=NAMED)

    def keep_link(self, link: str, *, by: User) -> None:
        """A person gives its link, and Sophia does not see it there yet. It looks there from now on."""
        require_eyes(by, self.client_id)
        with transaction.atomic():
            self.lock()
            if self.state != State.PUBLISHED or self.post_id:
                raise WrongState(f"Nobody asks which post {self} is.")
            self.permalink, self.named_by = link, by
            self.save(update_fields=["permalink", "named_by"])
            self.identifications.get_or_create(settled_at=None, defaults={"opened_at": timezone.now()})
            self.identifications.begin_again()

    def leave_unidentified(self, *, by: User, note: str) -> None:
        """Nobody will find out. It is not asked any more, and stays where it is."""
        people.require(by, people.OPERATE, of=self.client_id)
        if not note.strip():
            raise Refused("Say why it may stay unknown: Sophia will not see when it is gone.")
        with transaction.atomic():
            self.lock()
            if not self.is_unidentified:
                raise WrongState(f"Nobody asks which post {self} is.")
            self.identifications.settle(Identification.How.LEFT, by)
            self.reason = f"{by} left open which post it is: {note.strip()}"
            self.save(update_fields=["reason"])

    def look_for_itself(self) -> None:
        """PlatformError where the platform cannot be asked."""
        since = self.commit_began() or self.slot_at - LOOK_BACK
        if self.permalink:
            self.look_behind_link(self.permalink, since - LOOK_BACK)
        else:
            self.search(since)

    def look_behind_link(self, link: str, since: datetime) -> None:
        """Whoever gave it saw a post there, and nobody has compared its text yet."""
        with self.account.reaching(self) as platform:
            seen = platform.recognise(link, since)
        with transaction.atomic():
            self.lock()
            if seen and self.is_unidentified and self.permalink == link:
                self.take_seen(seen)

    def take_seen(self, seen: ownership.Seen) -> None:
        """What reads otherwise, or was refused, is not taken for it: a person says whether it is."""
        new = not self.candidates.filter(post_id=seen.receipt.post_id).exists()
        candidate = self.candidates.pasted(self.pk, seen)
        if seen.reads_like(self.outline()):
            self.take_found(None if candidate.is_refused else seen.receipt, KnownBy.PERSON)
        elif new:
            said = f"The post behind the link of {self} reads otherwise: say on its page whether it is this one."
            self.say("publication.unidentified", said, urgent=True)

    def search(self, since: datetime) -> None:
        """By what was prepared, or by its words."""
        with self.account.reaching(self) as platform:
            receipt, found = self.searched_by(platform, since)
        with transaction.atomic():
            self.lock()
            if self.is_unidentified:
                self.candidates.keep(self.pk, found)
                self.take_found(receipt, KnownBy.REFERENCE)

    def searched_by(self, platform: Platform, since: datetime) -> tuple[Receipt | None, Iterable[ownership.Candidate]]:
        taken = self.account.known_post_ids()
        if self.proved_reference():
            finding = platform.find(self.outline(), self.proved_reference(), since, taken)
            return finding.receipt, finding.candidates
        return None, platform.alike(self.outline(), since, taken)

    def take_found(self, receipt: Receipt | None, how: str) -> None:
        if receipt and not self.others_with(receipt).exists():
            self.take_name(receipt, self.named_by if how == KnownBy.PERSON else None, how)


def require_eyes(by: User, client: int) -> None:
    """Whoever may settle publications, or take posts down."""
    if not people.may(by, people.RECOVER, of=client):
        people.require(by, people.OPERATE, of=client)
