"""The cadence of an account, asked of the database. Reads only the posts that are near enough to matter."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps

from publishing import cadence, closures
from publishing.models.account import SocialAccount
from publishing.models.states import State
from sophia.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from publishing.models.waking import Waking

MORE = timedelta(days=28)
OUT = [State.PUBLISHING, State.UNCONFIRMED]
PLANNED = [*OUT, State.QUEUED, State.HANDOFF]


def next_free(
    account: SocialAccount, wanted: datetime, besides: Collection[int] = (), also: Sequence[datetime] = ()
) -> datetime:
    """The earliest slot at `wanted` or later. Call it under the account's lock to keep it. `besides`: publications that
    are moving themselves and take no room; `also`: moments that are about to be taken."""
    rule, until = account.rule, wanted
    if rule.is_free:
        return wanted
    while True:
        read_until = until + rule.reach + MORE
        taken = [*near(account, wanted - rule.reach, read_until, besides), *also]
        until = cadence.next_slot(wanted, taken, rule)
        if until + rule.reach <= read_until:
            return until


class NotThisSlot(Refused):
    """The cadence does not allow a post at the time that was asked for. `slot` is the next one that it allows."""

    def __init__(self, message: str, slot: datetime):
        super().__init__(message)
        self.slot = slot


def choose(
    account: SocialAccount,
    wanted: datetime,
    besides: Collection[int] = (),
    *,
    exact: bool = False,
    override: str = "",
) -> datetime:
    """The slot for a post that is wanted at `wanted`, under the account's lock. Later when the cadence says so, or
    NotThisSlot when it must be `exact`. A reason to `override` takes it as it is."""
    if override:
        return wanted
    slot = next_free(account, wanted, besides)
    if exact and slot != wanted:
        said = f"{why_not(account, wanted, besides)} The next free slot is {account.clock(slot)}."
        raise NotThisSlot(f"{said} Choose that one or a later one, or give a reason to break the rule.", slot)
    return slot


def why_not(
    account: SocialAccount, moment: datetime, besides: Collection[int] = (), also: Sequence[datetime] = ()
) -> str:
    """Which rule a post at `moment` would break, or nothing."""
    rule = account.rule
    if rule.is_free:
        return ""
    taken = near(account, moment - rule.reach, moment + rule.reach, besides)
    return cadence.broken(moment, [*taken, *also], rule)


def closed(
    account: SocialAccount, since: datetime, until: datetime, besides: Collection[int] = ()
) -> list[closures.Closure]:
    """Where between two whole minutes `choose` would take no exact time without an override."""
    rule = account.rule
    if rule.is_free:
        return []
    return closures.closures(since, until, near(account, since - rule.reach, until + rule.reach, besides), rule)


def held_until(publication: "Waking", moment: datetime, diary: "Diary | None" = None) -> tuple[str, datetime] | None:
    """For the claim: (why, until when) what is out already keeps it from going out at `moment`. `diary`: of what is
    out, where a list has read it."""
    rule = publication.account.rule
    if rule.is_free or publication.cadence_override:
        return None
    if diary:
        out = diary.of(publication.account, besides=publication.pk)
    else:
        out = near(publication.account, moment - rule.reach, moment + rule.reach, [publication.pk], OUT)
    because = cadence.broken(moment, out, rule)
    return (because, cadence.next_slot(moment, out, rule)) if because else None


def near(
    account: SocialAccount,
    since: datetime,
    until: datetime,
    besides: Collection[int] = (),
    states: Sequence[str] = PLANNED,
) -> list[datetime]:
    """When the account posted, or will, from `since` to `until`: when it went out, or when it is due."""
    return [at for _, _, at in moments(account.publications.exclude(pk__in=besides), since, until, states)]


Moment = tuple[int, int, datetime]
"""An account, a publication of it, and when."""


def moments(rows: "QuerySet[Any]", since: datetime, until: datetime, states: Sequence[str]) -> list[Moment]:
    gone = rows.filter(published_at__range=(since, until))
    due = rows.filter(published_at=None, state__in=states, publish_at__range=(since, until))
    return [*gone.values_list("account", "pk", "published_at"), *due.values_list("account", "pk", "publish_at")]


class Diary:
    """What `near` says of several accounts, read at once: for lists, in two queries however many there are. `besides`:
    publications that are moving themselves and take no room."""

    def __init__(
        self,
        accounts: Iterable[SocialAccount],
        first: datetime,
        last: datetime,
        states: Sequence[str] = PLANNED,
        besides: Collection[int] = (),
    ):
        bound = {account.pk: account.rule.reach for account in accounts if not account.rule.is_free}
        reach = max(bound.values(), default=timedelta())
        rows = apps.get_model("publishing.Publication")._base_manager.filter(account__in=bound)
        self.until, self.besides = last + reach + MORE, besides
        self.kept: defaultdict[int, list[tuple[int, datetime]]] = defaultdict(list)
        for owner, pk, at in moments(rows, first - reach, self.until, states):
            if pk not in besides:
                self.kept[owner].append((pk, at))

    def of(self, account: SocialAccount, besides: int = 0) -> list[datetime]:
        return [at for pk, at in self.kept.get(account.pk, ()) if pk != besides]

    def next_free(self, account: SocialAccount, wanted: datetime, also: Sequence[datetime]) -> datetime:
        """As `next_free` finds it. Beyond the diary it looks itself."""
        rule = account.rule
        if rule.is_free:
            return wanted
        slot = cadence.next_slot(wanted, [*self.of(account), *also], rule)
        return slot if slot + rule.reach <= self.until else next_free(account, wanted, self.besides, also)

    def why_not(self, account: SocialAccount, moment: datetime, also: Sequence[datetime]) -> str:
        """As `why_not` says it."""
        rule = account.rule
        return "" if rule.is_free else cadence.broken(moment, [*self.of(account), *also], rule)
