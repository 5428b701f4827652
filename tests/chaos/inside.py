"""What runs in processes that have the desk's database: making the posts, being the rhythm, and telling how it is."""

import json
import random
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import Error, close_old_connections, connections
from django.forms.models import model_to_dict
from django.utils import timezone

from publishing.models import Client, Publication, Recovery, SocialAccount, Step
from publishing.platforms.base import PlatformError
from publishing.tasks import sweep
from sophia.alarms import set_alarm
from sophia.health import examination
from tests import make
from tests.chaos import orders
from tests.chaos.cast import ACTORS, token

LOOK_EVERY = 3
"""Sweeps."""


def connect() -> list[str]:
    """Every account, as often as it is asked. Returns what does not work yet."""
    wrong = []
    for actor in ACTORS:
        client, _ = Client.objects.get_or_create(name=actor.client, defaults={"lateness_limit": timedelta(hours=1)})
        about = {"platform": actor.platform, "external_id": actor.external_id}
        account = SocialAccount.objects.filter(**about).first() or SocialAccount(**about, client=client)
        try:
            account.connect(token=token(actor.external_id))
        except PlatformError as problem:
            wrong.append(str(problem))
    return wrong


def prepare(posts: int, seconds: float, seed: int) -> list[dict[str, Any]]:
    """Approves that many posts, due within these seconds from a moment on."""
    make.person("olga", "operator")
    connect()
    dice, start, made = random.Random(seed), timezone.now() + timedelta(seconds=5), []
    for number in range(posts):
        actor = ACTORS[number % len(ACTORS)]
        account = SocialAccount.objects.get(platform=actor.platform, external_id=actor.external_id)
        count = dice.choice([1, 3]) if actor.platform == "instagram" else dice.choice([0, 0, 1, 3])
        link = "https://example.com/" if actor.platform == "facebook" and dice.random() < 0.2 else ""
        # Images of its own: taking a post down holds what is queued with one of its images, and twins want a reason.
        sizes = [(400 + number % 250, 400 + 3 * (number // 250) + place) for place in range(count)]
        chosen = [(make.image("teal", *size), "A picture") for size in sizes]
        text = f"Chaos {seed}, post {number} of {posts}"
        draft = make.draft(account, None, text=text, link=link, pictures=chosen)
        # Approving many takes a while: the first may be due before the last is approved.
        at = max(start + timedelta(seconds=dice.uniform(0, seconds)), timezone.now() + timedelta(seconds=1))
        publication = make.approved(draft, User.objects.get(username="olga"), at=at)
        facts = {"id": publication.pk, "text": publication.outline().message, "images": count, "at": at.isoformat()}
        made.append({**facts, "account": actor.external_id, "platform": actor.platform, "way": actor.way})
    return made


def rhythm() -> None:
    """The sweep, oftener than in earnest, and whatever is looked at now and then."""
    for turn in range(sys.maxsize):
        try:
            close_old_connections()
            sweep()
            if turn % LOOK_EVERY == 0:
                set_alarm("publishing.tasks.look_around", at=timezone.now())
        except Error as problem:
            print(problem, file=sys.stderr)
        time.sleep(1)


def states() -> list[dict[str, Any]]:
    now = timezone.now()
    rows = Publication.objects.order_by("pk").select_related("account").prefetch_related("recoveries", "lookalikes")
    return [state_of(row, now) for row in rows]


def state_of(row: Publication, now: Any) -> dict[str, Any]:
    recoveries = list(row.recoveries.all())
    return {
        "id": row.pk,
        "account": row.account.external_id,
        "state": row.state,
        "asks": row.state == Publication.State.UNCONFIRMED and row.reconcile_at is None,
        "alike": row.state == Publication.State.QUEUED and row.held_as is not None,
        "reason": row.reason,
        "due_in": round((row.publish_at - now).total_seconds(), 1),
        "post_id": row.post_id,
        "prepared": row.prepared_at is not None,
        "recovery": recovery_of(recoveries[0]) if recoveries else None,
    }


def recovery_of(recovery: Recovery) -> dict[str, Any]:
    return {
        "id": recovery.pk,
        "state": recovery.state,
        "open": recovery.is_open,
        "undecided": recovery.state == Recovery.State.PENDING and recovery.executed_by_id is None,
        "by_hand": recovery.state == Recovery.State.MANUAL,
        "note": recovery.note,
        "tries": recovery.tries,
        "next_at": recovery.next_at,
        "photos_left": [photo["id"] for photo in recovery.photos_left],
    }


def known_ids() -> dict[str, int]:
    """Which publication each id of the platform was noted for, wherever the desk has noted it."""
    found = {}
    for publication in Publication.objects.exclude(reference=None):
        found |= dict.fromkeys(strings_in(publication.reference), publication.pk)
    return found | dict(Step.objects.values_list("external_id", "preparation__publication_id"))


def strings_in(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict | list):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from strings_in(part)
    else:
        yield str(thing)


STORY = ("attempts", "recoveries", "calls", "preparations", "candidates", "sightings")
"""Rows of a publication that tell what became of it."""


def story(publication: int) -> dict[str, Any]:
    row = Publication.objects.get(pk=publication)
    found: dict[str, Any] = {"publication": model_to_dict(row), "reason": row.reason}
    for name in STORY:
        found[name] = [brief(each) for each in getattr(row, name).order_by("-pk").values()[:30]]
    return found


def brief(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value)[-1500:] for name, value in row.items() if value not in (None, "", [], {})}


def findings() -> list[str]:
    return [finding.sentence for finding in examination.examine()]


def coming_down() -> int:
    return Recovery.objects.open().count()


def listen() -> None:
    """One JSON line `[function, arguments]` after the other. A database that is away is told; a bug ends it."""
    known = {**vars(orders), **globals()}
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            close_old_connections()
            said = {"answer": known[name](*arguments)}
        except Error:
            connections.close_all()
            said = {"problem": traceback.format_exc()}
        print(json.dumps(said, default=str), flush=True)
