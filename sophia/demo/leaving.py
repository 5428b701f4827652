"""From a demo to a real desk. Nothing that anybody approved or published is deleted: it stays as history."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from approval.models import Draft
from publishing.models import Preparation, Publication, Recovery, SocialAccount
from publishing.models.states import CANCELLABLE, State
from sophia import security
from sophia.demo import traces
from sophia.doors import Via
from sophia.refusals import NotAllowed, Refused

WHY = "It was part of the demo."


@dataclass(frozen=True)
class Left:
    people: list[str]
    accounts: list[str]
    cancelled: int
    skipped: int
    dismissed: int


def require_leavable(by: User) -> None:
    """Refused with a sentence, before anybody is asked."""
    if not by.is_superuser:
        raise NotAllowed(f"{by.get_username()} may not end the demo. Ask an administrator.")
    if by in traces.people():
        raise Refused(
            f"{by.get_username()} has the password of the demo, and would be locked out. "
            "Make yourself with manage.py createsuperuser, and give that name to --by."
        )
    if busy := under_way():
        raise Refused(
            f"{', '.join(map(str, busy))}: the sandbox is still needed to find out what becomes of it. Start the demo "
            "once more with DEBUG=1 and SOPHIA_SANDBOX=1, wait until nothing is on its way, and run this again."
        )


def under_way() -> list[Publication | Recovery]:
    """What only the sandbox can settle."""
    known = traces.accounts()
    posts = Publication.objects.filter(account__in=known, state__in=[State.PUBLISHING, State.UNCONFIRMED])
    removals = Recovery.objects.filter(publication__account__in=known, state=Recovery.State.EXECUTING)
    return [*posts.select_related("account"), *removals]


@transaction.atomic
def leave(*, by: User) -> Left:
    """Its people can sign in no more, its accounts have no token, and nothing of it waits for anybody."""
    require_leavable(by)
    people, accounts = traces.people(), traces.accounts()
    dismissed = dismiss(accounts, by)
    cancelled, skipped = cancel(accounts, by), skip(accounts, by)
    for account in accounts:
        account.disconnect(by=by, because=WHY)
    for person in people:
        switch_off(person, by)
    names = [person.get_username() for person in people]
    return Left(names, [account.label for account in accounts], cancelled, skipped, dismissed)


def dismiss(accounts: list[SocialAccount], by: User) -> int:
    found = list(Recovery.objects.open().filter(publication__account__in=accounts))
    for recovery in found:
        recovery.dismiss(by=by, note=WHY)
    return len(found)


def cancel(accounts: list[SocialAccount], by: User) -> int:
    """With what was prepared of them: nobody reaches the sandbox any more."""
    found = list(Publication.objects.filter(account__in=accounts, state__in=CANCELLABLE))
    for publication in found:
        publication.cancel(by=by, reason=WHY)
    for preparation in Preparation.objects.filter(publication__account__in=accounts, settled_at=None):
        preparation.settle(by=by)
    return len(found)


def skip(accounts: list[SocialAccount], by: User) -> int:
    found = list(Draft.objects.in_review().filter(account__in=accounts))
    for draft in found:
        draft.skip(by=by, note=WHY, via=Via.CLI)
    return len(found)


def switch_off(person: User, by: User) -> None:
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    security.note(security.Kind.PERSON, by=by, about=person, said="Switched off: the demo was left.")
