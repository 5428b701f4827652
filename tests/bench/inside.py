"""Runs inside the desk that is measured."""

import json
import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client as TestClient
from django.utils import timezone

from approval.models import Draft
from publishing import tasks
from publishing.models import Client, Publication, SocialAccount
from sophia.notifications.announce import announce
from sophia.notifications.models import Notice


def call(function: str, arguments: str) -> None:
    print(json.dumps(globals()[function](*json.loads(arguments))))


def operator() -> User:
    person, made = User.objects.get_or_create(username="bench", defaults={"is_staff": True, "is_superuser": True})
    if made:
        person.groups.add(Group.objects.get(name="operator"))
    return person


def accounts(number: int) -> list[SocialAccount]:
    """Connected ones, each with its own client."""
    clients = [Client(name=f"Bench {n}") for n in range(number)]
    made = [SocialAccount(client=owner, platform="facebook", external_id=f"{n}") for n, owner in enumerate(clients)]
    for account in made:
        account.connect(token="bench")
    return made


def approve(posts: int, per_account: int, per_second: float, lead: float) -> list[tuple[str, float]]:
    """Approve text posts, due one after the other (all at once when `per_second` is 0), the first `lead` seconds from
    now. Returns each text with its time, in seconds since the epoch."""
    person = operator()
    owners = accounts(-(-posts // per_account))
    drafts = [
        Draft.objects.write(by=person, account=owners[number % len(owners)], text=f"Post {number}")
        for number in range(posts)
    ]
    first = timezone.now() + timedelta(seconds=lead)
    for number, draft in enumerate(drafts):
        draft.submit(by=person)
        due = first + timedelta(seconds=number / per_second if per_second else 0)
        draft.approve(by=person, digest=draft.digest(), at=due)
    return [(row.text, row.slot_at.timestamp()) for row in Publication.objects.order_by("pk")]


def sweep() -> None:
    tasks.sweep()


def workers() -> int:
    return int(settings.SOPHIA_WORKERS)


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Publication.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def sign_in() -> str:
    """A session's cookie."""
    client = TestClient()
    client.force_login(operator())
    return client.cookies["sessionid"].value


def tell(events: int, pause: float) -> list[tuple[int, float]]:
    """Notices, one after the other, each with the moment of its commit in seconds since the epoch."""
    notices, moments = list[int](), list[float]()
    for number in range(events):
        with transaction.atomic():
            transaction.on_commit(lambda: moments.append(time.time()))
            announce("publication.scheduled", f"Fact {number}")
            notices.append(Notice.objects.latest("pk").pk)
        time.sleep(pause)
    return list(zip(notices, moments, strict=True))
