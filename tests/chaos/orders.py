"""What people do at the desk, each through the verb that a page would call."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.test import Client as Browser
from django.utils import timezone

from publishing import handing_over, lifting
from publishing.models import (
    AppThrottle,
    Client,
    Emergency,
    Identification,
    Pause,
    Preparation,
    Publication,
    Recovery,
    SocialAccount,
)
from publishing.platforms.base import PlatformError
from sophia.refusals import Refused


def olga() -> User:
    return User.objects.get(username="olga")


def pause(number: int) -> None:
    scopes: list[dict[str, Any]] = [
        {},
        {"platform": "facebook"},
        {"account": SocialAccount.objects.get(external_id="1001")},
    ]
    Pause.objects.start(by=olga(), reason="Chaos", **scopes[number % 3])


def resume() -> None:
    lifting.lift(list(Pause.objects.in_force()), by=olga())


def emergency(client: str, since: str) -> int:
    """Returns how many posts it takes down at once."""
    began = datetime.fromisoformat(since)
    try:
        made = Emergency.objects.start(
            by=olga(), client=Client.objects.get(name=client), since=began, reason="Chaos", pause=False
        )
    except Refused:
        return 0
    return made.recoveries.count()


def tomorrow() -> None:
    """What platforms block for a day is over, and so is every long wait."""
    for model, column in SLOW:
        make_past(model, column)


SLOW: list[tuple[Any, str]] = [
    (SocialAccount, "throttled_until"), (SocialAccount, "restricted_until"), (AppThrottle, "until"),
    (Recovery, "look_again_at"), (Identification, "next_at"), (Preparation, "next_at"),
]  # fmt: skip
"""Ends of blocks, and of waits after a look that failed."""


def make_past(model: Any, name: str) -> None:
    now = timezone.now()
    model._base_manager.filter(**{f"{name}__gt": now}).update(**{name: now})


def live(row: Publication, by: User, link: str) -> None:
    handing_over.posted(row, by=by, link=link)


def not_live(row: Publication, by: User) -> None:
    """They see all that is public: once the platform has had its time, they insist."""
    handing_over.denied(row, by=by, although=row.is_at_rest)


def recover(row: Publication, by: User) -> None:
    row.recover(by=by, reason="Chaos")


def cancel(row: Publication, by: User) -> None:
    row.cancel(by=by, reason="Chaos")


def retry(row: Publication, by: User) -> None:
    row.retry(by=by)


def hurry(row: Publication, by: User) -> None:
    """Somebody was told that it is delayed, and does not want to wait an hour."""
    row.reschedule(by=by, at=timezone.now())


def release(row: Publication, by: User) -> None:
    """It has an image of a post that was taken down, and that image is fine. It goes out at once."""
    row.release(by=by, note="The image is fine.")


def witness(row: Publication, by: User) -> None:
    """They see that it is gone, where Sophia cannot."""
    for recovery in row.recoveries.filter(state=Recovery.State.MANUAL):
        recovery.witness(by=by, note="It is gone.")


def identify(row: Publication, by: User, post_id: str, link: str) -> str:
    """They see which of the posts it is, or paste its link."""
    if candidate := row.candidates.filter(post_id=post_id).first():
        row.identify(candidate, by=by)
    elif link:
        handing_over.named(row, by=by, link=link)
    else:
        return "It is not shown yet."
    return ""


def settle_leftovers(row: Publication, by: User) -> None:
    """They have removed what the desk told them of."""
    for preparation in row.preparations.filter(told_at__isnull=False, settled_at=None):
        preparation.settle(by=by)


def leftovers() -> list[int]:
    """Of which publications a person was told that something invisible may be left."""
    return list(Preparation.objects.needing_a_person().values_list("publication_id", flat=True))


VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb
    for verb in (live, not_live, recover, cancel, retry, hurry, release, witness, identify, settle_leftovers)
}


def act(wanted: list[list[Any]]) -> list[str]:
    """Each `[verb, publication, …]`. Returns what Sophia said against it, or nothing."""
    by, said = olga(), []
    for verb, publication, *rest in wanted:
        try:
            said.append(VERBS[verb](Publication.objects.get(pk=publication), by, *rest) or "")
        except (Refused, PlatformError) as problem:
            said.append(str(problem))
    return said


def sign_in() -> str:
    """A session of the operator."""
    browser = Browser()
    browser.force_login(olga())
    return browser.cookies["sessionid"].value


def take_one_down() -> str:
    """The oldest that is live and has no images, by the workers: one with images would hold everything that is queued
    with the same. Says what became of the one before."""
    last = Recovery.objects.order_by("pk").last()
    live = Publication.objects.filter(state=Publication.State.PUBLISHED, pictures=None).order_by("pk").first()
    if live:
        live.recover(by=olga(), reason="Soak")
    return last.state if last else "none yet"
