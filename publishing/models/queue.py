"""Finding publications, and the one way to make one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from publishing import seal, slots
from publishing.models import pace, twins
from publishing.models.account import SocialAccount
from publishing.models.client import Client
from publishing.models.identification import Identification
from publishing.models.lookalike import Lookalike
from publishing.models.post import Post
from publishing.models.preparation import Preparation
from publishing.models.stages import OPEN
from publishing.models.states import AFLOAT, CANCELLABLE, NEEDING_A_PERSON, Mode, State
from sophia import moments, people
from sophia.alarms import ALARM_WINDOW
from sophia.membership import Visible
from sophia.refusals import NotAllowed, Refused, WantsReason

if TYPE_CHECKING:
    from publishing.models.pause import Pause
    from publishing.models.publication import Publication

OVER = [State.CANCELLED, State.MISSED, State.FAILED]
KEEP_PREPARED = timedelta(hours=1)
"""What goes out later than this, or should have long ago, does not stay prepared."""


class PublicationQuerySet(Visible["Publication"]):
    whose = "account__client"

    def schedule(
        self,
        post: Post,
        *,
        approved_by: User,
        agreed_by: User | None = None,
        at: datetime,
        mode: str = Mode.AUTO,
        exact: bool = False,
        override: str = "",
        although: str = "",
    ) -> "Publication":
        """Freeze `post` as it is and set it going, in the next free slot at `at` or later (slots.choose). The only
        place where a seal is made. The approver must hold the permission to approve, whoever calls, and so must the
        one who agreed before, where the client wants two. HasTwin when the same is out or planned,
        unless there is a reason: `although`."""
        people.require(approved_by, people.APPROVE, of=post.client_id)
        post.require_acceptable()
        now = timezone.now()
        with transaction.atomic():
            account = SocialAccount.objects.locked(post.account_id)
            require_enough(account.client, approved_by, agreed_by)
            slot = slots.choose(account, possible(account, now, at), exact=exact, override=override)
            twins.require_reason(self.all(), post, account, slot, although, besides=far(account, now, at))
            require_near(account, now, at, although)
            publication = self.model(
                account=post.account,
                text=post.text,
                link=post.link,
                mode=mode,
                slot_at=slot,
                publish_at=slot,
                scheduled_at=now,
                cadence_override=overridden(approved_by, override),
                approved_by=approved_by,
                agreed_by=agreed_by,
                approved_at=now,
            )
            publication.seal = seal.make(publication.statement(post.digest()))
            publication.plan_preflight(now)
            publication.save()
            publication.record("schedule", {}, approved_by)
            publication.copy_pictures(post)
            publication.set_alarm()
        return publication

    def waiting(self) -> "PublicationQuerySet":
        return self.filter(state=State.QUEUED)

    def without_history(self) -> "PublicationQuerySet":
        """Approved before there were histories, and not sealed in yet."""
        return self.exclude(seal__startswith=seal.MARK)

    def may_go_out(self) -> "PublicationQuerySet":
        return self.filter(state__in=[*AFLOAT, *NEEDING_A_PERSON])

    def on_its_way(self) -> "PublicationQuerySet":
        return self.filter(state__in=[State.PUBLISHING, State.UNCONFIRMED])

    def fetching(self, now: datetime) -> "PublicationQuerySet":
        """Those whose images the platform may fetch: on their way, being prepared, or prepared."""
        ahead = Q(claimed_until__gt=now) | Q(prepared_at__isnull=False) | Q(pk__in=begun())
        return self.on_its_way() | self.waiting().filter(ahead)

    def to_prepare_before(self, moment: datetime) -> list["Publication"]:
        """Those whose preparing has to begin by then."""
        free = self.waiting().exclude(pk__in=Lookalike.objects.holding().values("publication"))
        free = free.filter(mode=Mode.AUTO, reference__isnull=True, publish_at__lte=moment + pace.LONGEST)
        rows = free.select_related("account__client").prefetch_related("pictures__image")
        paces = {account: pace.of(account) for account in {row.account_id for row in rows}}
        return [row for row in rows if row.publish_at - paces[row.account_id].lead(row.weight) <= moment]

    def left_behind(self, now: datetime) -> "PublicationQuerySet":
        """Claimed for preparing or clearing away, by a worker that stopped in the middle."""
        return self.filter(state__in=[State.QUEUED, *OVER], claimed_until__lt=now)

    def to_clear_away(self, now: datetime) -> "PublicationQuerySet":
        """Prepared on the platform, and will not go out, or not for long. What cannot be asked about now waits."""
        far = Q(publish_at__gt=now + KEEP_PREPARED) | Q(publish_at__lt=now - KEEP_PREPARED)
        over = Q(state__in=OVER) | Q(far, state=State.QUEUED)
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        due = Q(clear_at=None) | Q(clear_at__lte=now)
        left = self.filter(free, over, due, Q(prepared_at__isnull=False) | Q(pk__in=begun()))
        return left.exclude(account__in=SocialAccount.objects.silent(now).order_by())

    def to_preflight(self, now: datetime) -> "PublicationQuerySet":
        return self.waiting().filter(preflight_at__lte=now).order_by("preflight_at")

    def live(self) -> "PublicationQuerySet":
        return self.filter(state=State.PUBLISHED)

    def to_take_down(self) -> "PublicationQuerySet":
        """Out, or about to be."""
        return self.live() | self.on_its_way()

    def due_before(self, moment: datetime) -> "PublicationQuerySet":
        return self.waiting().filter(publish_at__lte=moment)

    def to_give_way(self) -> "PublicationQuerySet":
        """Not out, and somebody has decided that they must not be. What may have gone out before a restored backup is
        for a person."""
        unsure = Q(suspected_at__gte=F("scheduled_at"))
        wanted = Q(recoveries__state__in=OPEN, recoveries__executed_by__isnull=False)
        return self.filter(wanted, state__in=CANCELLABLE).exclude(unsure)

    def to_reconcile_before(self, moment: datetime) -> "PublicationQuerySet":
        return self.filter(state=State.UNCONFIRMED, reconcile_at__lte=moment)

    def look_again(self, now: datetime) -> None:
        """The platform answers again: ask it about everything that nobody knows."""
        self.filter(state=State.UNCONFIRMED).update(reconcile_at=now, looks=0, asked_at=None)

    def abandoned(self, now: datetime) -> "PublicationQuerySet":
        """Claimed by a worker whose lease has run out."""
        return self.filter(state=State.PUBLISHING, claimed_until__lt=now)

    def to_watch(self, now: datetime) -> "PublicationQuerySet":
        """Published, time to look at, and nobody takes them down. Those whose account may not be called wait for it."""
        due = self.live().filter(watch_at__lte=now).exclude(account__in=SocialAccount.objects.silent(now).order_by())
        return due.exclude(recoveries__state__in=OPEN).order_by("watch_at")

    def needing_a_person(self) -> "PublicationQuerySet":
        """Also what is public, and nobody knows which post it is."""
        doubt = Q(reconcile_at__isnull=True) | Q(asked_at__isnull=False)
        doubt &= Q(state=State.UNCONFIRMED)
        return self.filter(Q(state__in=NEEDING_A_PERSON) | doubt | Q(pk__in=unidentified(), state=State.PUBLISHED))

    def unidentified(self) -> "PublicationQuerySet":
        return self.live().filter(pk__in=unidentified())

    def within(self, pause: "Pause") -> "PublicationQuerySet":
        """All that the pause is about, in whatever state."""
        if pause.account:
            return self.filter(account=pause.account)
        if pause.client:
            return self.filter(account__client=pause.client)
        return self.filter(account__platform=pause.platform) if pause.platform else self

    def held_by(self, pause: "Pause") -> "PublicationQuerySet":
        return self.waiting().within(pause)

    def lookalikes(self) -> "PublicationQuerySet":
        """Held, because they look like what was taken down."""
        return self.waiting().filter(pk__in=Lookalike.objects.holding().values("publication"))

    def held(self, now: datetime) -> "PublicationQuerySet":
        """With their account, whatever their time, as `gates` says it for one. What a person posts waits for no
        platform."""
        return self.filter(held(now))

    def not_held(self, now: datetime) -> "PublicationQuerySet":
        return self.exclude(held(now))

    def worth_waking(self, now: datetime) -> "PublicationQuerySet":
        """Due soon, or missed by an alarm. Those that are held, alone or with their account, are woken when it ends."""
        due = self.due_before(now + ALARM_WINDOW).exclude(pk__in=Lookalike.objects.holding().values("publication"))
        return due.not_held(now)

    def named(self, name: str) -> "Publication":
        """By id, permalink or the platform's post id. Refused with a sentence when there is none."""
        name = name.strip()
        matches = Q(post_id=name) | Q(permalink=name)
        if name.isascii() and name.isdigit() and len(name) < 19:
            matches |= Q(pk=int(name))
        return chosen(name, list(self.filter(matches)) if name else [])


def held(now: datetime) -> Q:
    sent = Q(mode=Mode.AUTO, account__in=SocialAccount.objects.posts_held(now).order_by())
    return sent | Q(account__in=SocialAccount.objects.stopped().order_by())


def unidentified() -> QuerySet[Any]:
    return Identification.objects.open().order_by().values("publication")


def begun() -> QuerySet[Preparation, Any]:
    """The publications of which the platform has something, or is getting it."""
    return Preparation.objects.open().values("publication")


def chosen(name: str, found: Sequence["Publication"]) -> "Publication":
    """An id of ours wins over a post id that happens to be the same number. Never a guess between two."""
    found = [publication for publication in found if str(publication.pk) == name] or found
    if not found:
        raise Refused(f"No publication has the id, permalink or post id “{name}”. manage.py queue lists them.")
    if len(found) > 1:
        ids = ", ".join(str(publication.pk) for publication in found)
        raise Refused(f"“{name}” stands for the publications {ids}. Name one by its id.")
    return found[0]


def require_enough(client: Client, approved_by: User, agreed_by: User | None) -> None:
    if agreed_by:
        people.require(agreed_by, people.APPROVE, of=client.pk)
    if client.approval_rule == Client.Rule.TWO and agreed_by in {None, approved_by}:
        raise NotAllowed(f"{client} wants two people to approve, and only {approved_by} has.")


def overridden(by: User, reason: str) -> str:
    return f"{by}: {reason.strip()}" if reason.strip() else ""


FAR = timedelta(days=366)
"""Beyond this a time is a slip of the finger, unless somebody says why it is not."""


class FarAhead(WantsReason):
    """The time is more than a year ahead, and nobody has said that it is meant."""

    LABEL = "More than a year ahead, because"
    ALONE = "That is more than a year ahead. Open it alone and give the reason there."


def possible(account: SocialAccount, now: datetime, at: datetime) -> datetime:
    """Times up to a minute ago mean now: people and scripts are not quicker. Refused when it is longer past."""
    if now - at > timedelta(minutes=1):
        raise Refused(f"{account.clock(at)} is past. Choose a time to come, or “now”.")
    return max(moments.within_horizon(at), now)


def far(account: SocialAccount, now: datetime, at: datetime) -> str:
    """What is asked about a time more than a year ahead, or nothing."""
    return f"{account.clock(at)} is more than a year ahead. If you mean it, say why." if at - now > FAR else ""


def require_near(account: SocialAccount, now: datetime, at: datetime, although: str) -> None:
    """Or a reason. Asked after the twins, whose question says this too: one reason answers both."""
    if not although.strip() and (asked := far(account, now, at)):
        raise FarAhead(asked)
