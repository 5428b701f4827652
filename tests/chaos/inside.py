"""What runs in processes that have the desk's database: making the posts, being the rhythm, and being the person."""

import json
import random
import sys
import time
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import Error, close_old_connections
from django.test import Client as Browser
from django.utils import timezone

from publishing import handing_over, lifting
from publishing.models import Client, Pause, Publication, Recovery, SocialAccount
from publishing.platforms.base import PlatformError
from publishing.tasks import sweep
from sophia.health import examination
from tests import make
from tests.chaos.cast import ACCOUNTS, token


def connect() -> list[str]:
    """Every account, as often as it is asked. Returns what does not work yet."""
    client, _ = Client.objects.get_or_create(name="Chaos", defaults={"lateness_limit": timedelta(hours=1)})
    wrong = []
    for platform, external_id, _way in ACCOUNTS:
        known = SocialAccount.objects.filter(platform=platform, external_id=external_id).first()
        account = known or SocialAccount(platform=platform, external_id=external_id, client=client)
        try:
            account.connect(token=token(external_id))
        except PlatformError as problem:
            wrong.append(str(problem))
    return wrong


def prepare(posts: int, seconds: float, seed: int) -> list[dict[str, Any]]:
    """Approves that many posts, due within these seconds from a moment on."""
    make.person("olga", "operator")
    connect()
    dice, pictures = random.Random(seed), [make.image(color) for color in ("teal", "navy", "olive")]
    start, made = timezone.now() + timedelta(seconds=5), []
    for number in range(posts):
        platform, external_id, way = ACCOUNTS[number % len(ACCOUNTS)]
        account = SocialAccount.objects.get(platform=platform, external_id=external_id)
        count = dice.choice([1, 3]) if platform == "instagram" else dice.choice([0, 0, 1, 3])
        link = "https://example.com/" if platform == "facebook" and dice.random() < 0.2 else ""
        chosen = [(picture, "A picture") for picture in pictures[:count]]
        text = f"Chaos {seed}, post {number} of {posts}"
        draft = make.draft(account, None, text=text, link=link, pictures=chosen)
        # Approving many takes a while: the first may be due before the last is approved.
        at = max(start + timedelta(seconds=dice.uniform(0, seconds)), timezone.now() + timedelta(seconds=1))
        publication = make.approved(draft, User.objects.get(username="olga"), at=at)
        message = publication.outline().message
        made.append({"id": publication.pk, "account": external_id, "text": message, "images": count, "way": way})
    return made


def rhythm() -> None:
    """The sweep, oftener than in earnest."""
    while True:
        try:
            close_old_connections()
            sweep()
        except Error as problem:
            print(problem, file=sys.stderr)
        time.sleep(1)


def pause(number: int) -> list[int]:
    by = User.objects.get(username="olga")
    scopes: list[dict[str, Any]] = [
        {},
        {"platform": "facebook"},
        {"account": SocialAccount.objects.get(external_id="1001")},
    ]
    Pause.objects.start(by=by, reason="Chaos", **scopes[number % 3])
    return []


def resume() -> list[int]:
    pauses = list(Pause.objects.in_force())
    lifting.lift(pauses, by=User.objects.get(username="olga"))
    return [each.pk for each in pauses]


def hurry() -> list[int]:
    """The operator who was told that something is delayed, and does not want to wait an hour."""
    by, soon = User.objects.get(username="olga"), timezone.now() + timedelta(minutes=1)
    late = list(Publication.objects.waiting().filter(publish_at__gt=soon))
    for row in late:
        row.reschedule(by=by, at=timezone.now())
    return [row.pk for row in late]


def states() -> list[dict[str, Any]]:
    rows = Publication.objects.order_by("pk")
    return [
        {"id": row.pk, "state": row.state, "asks": row.needs_a_person, "reason": row.reason, "at": str(row.publish_at)}
        for row in rows
    ]


def settle(publication: int, is_live: bool) -> None:
    """The person who was asked, with one of the two buttons."""
    by, row = User.objects.get(username="olga"), Publication.objects.get(pk=publication)
    if is_live:
        handing_over.posted(row, by=by, link="")
    else:
        handing_over.denied(row, by=by)


def findings() -> list[str]:
    return [finding.sentence for finding in examination.examine()]


def sign_in() -> str:
    """A session of the operator."""
    browser = Browser()
    browser.force_login(User.objects.get(username="olga"))
    return browser.cookies["sessionid"].value


def take_one_down() -> str:
    """The oldest that is live and has no images, by the workers: one with images would hold everything that is queued
    with the same. Says what became of the one before."""
    last = Recovery.objects.order_by("pk").last()
    live = Publication.objects.filter(state=Publication.State.PUBLISHED, pictures=None).order_by("pk").first()
    if live:
        live.recover(by=User.objects.get(username="olga"), reason="Soak")
    return last.state if last else "none yet"


def coming_down() -> int:
    return Recovery.objects.open().count()


def call(name: str, arguments: str) -> None:
    print(json.dumps(globals()[name](*json.loads(arguments))))
