"""Asks for every address that tests/members/routes.py knows, as everybody who may, on a desk that has grown, and does
what is heavy to do. Runs inside the desk that is measured."""

import ctypes
import gc
import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow

from approval.batches import bringing
from approval.batches.models import Batch
from approval.models import Draft
from publishing.models import Client as Business
from publishing.models import Pause, Publication, SocialAccount
from tests import make
from tests.bench import crowd, inside
from tests.members import scene
from tests.members.routes import routes
from tests.members.test_every_route import address

CLIENTS, IN_REVIEW, ALL = 50, 2750, 25_000
"""5,000 drafts that are not approved, and 20,000 publications."""
OF_THE_API = ("drafts", "publications", "recoveries", "notices", "pauses", "accounts")
MEGAPIXELS_40 = (8000, 5000)
REVIEW, MISSED = "/review/", "/queue/missed/"
NOTHING = 0.2
"""Seconds. What takes more is asked for twice: the first time templates are read and modules imported."""
Cost = dict[str, Any]


def grow() -> None:
    """In a process of its own: what it leaves in memory would hide what a request takes."""
    crowd.fill(ALL, IN_REVIEW, inside.operator(), CLIENTS)
    Business.objects.update(twin_window=make.NEVER)


def ask_everything(only: str) -> dict[str, Any]:
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.example"]
    settings.SOPHIA_API_REQUESTS_PER_MINUTE = 10_000
    settings.SOPHIA_PLATFORMS = dict.fromkeys(["facebook", "instagram"], "publishing.platforms.memory.Memory")
    person, account = inside.operator(), SocialAccount.objects.order_by("pk")[2]
    theirs = one_of_each(account, person)
    people = {"operator": make.person("bench-operator", "operator", is_staff=True)}
    people |= {role: make.person(f"bench-{role}", role, is_staff=True) for role in ("author", "viewer")}
    people["member"] = make.member(make.person("bench-member", "operator", is_staff=True), account.client)
    people["stranger"] = make.person("bench-stranger")
    worst: dict[str, Cost] = {}
    for who, name, ask in [*looked(people, theirs), *by_token(theirs, person), *done(people["operator"])]:
        if only in name:
            found, before = ask() | {"who": who}, worst.get(name, {"seconds": -1.0, "MB": 0.0})
            worst[name] = max(found, before, key=lambda cost: cost["seconds"])
            worst[name] |= {"MB": max(found["MB"], before["MB"])}
    counts = {model.__name__: model._default_manager.count() for model in (Business, SocialAccount, Draft, Publication)}
    return {"desk": counts, "routes": worst}


def one_of_each(account: SocialAccount, person: User) -> Any:
    """As the walk through every route has it, for a client of the crowd."""
    found = SimpleNamespace(account=account, client=account.client, operator=person)
    scene.subscriptions(found)
    scene.drafts(found, person)
    scene.publications(found, person)
    scene.doors(found)
    scene.takedowns(found)
    found.pause = Pause.objects.start(by=person, reason="Bench", account=account)
    scene.rows(found)
    return found


Asked = tuple[str, str, Callable[[], Cost]]


def looked(people: dict[str, User], theirs: Any) -> Iterator[Asked]:
    """Every GET, by everybody: who may not pays less."""
    for who, person in people.items():
        for name, asks in routes().items():
            for ask in asks:
                if ask.post is None and name != "events":
                    where = address(name, ask, theirs)
                    shown = f"GET {name} {ask.query}".strip()
                    yield who, shown, lambda person=person, where=where: least(person, where)


def least(person: User, where: str) -> Cost:
    first = weighed(browser(person).get, where)
    if first["seconds"] < NOTHING:
        return first
    again = weighed(browser(person).get, where)
    return min(first, again, key=lambda cost: cost["seconds"]) | {"MB": max(first["MB"], again["MB"])}


def browser(person: User) -> Client:
    made = Client()
    made.force_login(person)
    return made


def by_token(theirs: Any, person: User) -> Iterator[Asked]:
    """The API, the client's own pages and the calendar's feed."""
    _, secret = make.token(person)
    bearer = Client(headers={"Authorization": f"Bearer {secret}"})
    for noun in OF_THE_API:
        for query in ("", "?limit=100"):
            yield "a token", f"GET api {noun}{query}", lambda at=f"/api/v1/{noun}{query}": weighed(bearer.get, at)
    _, path = make.client_link(theirs.client, person, approving=True)
    yield "a client", "GET client:drafts", lambda: weighed(Client().get, path)
    yield "a client", "GET client:draft", lambda: weighed(Client().get, f"{path}{theirs.draft.pk}/")
    yield "a calendar", "GET calendar:feed", lambda: weighed(Client().get, urlsplit(theirs.feed.link).path)


def done(person: User) -> Iterator[Asked]:
    """What is heavy to do, in the order in which a person would."""
    by = browser(person)

    def post(where: str, typed: Callable[[], dict[str, Any]]) -> Callable[[], Cost]:
        """`typed`: looked up when its turn has come."""
        return lambda: weighed(by.post, where, typed())

    steps = {
        "POST import, as many lines as it takes": post(f"{REVIEW}import/", lambda: {"sheet": table(), "submit": "on"}),
        "GET import preview": lambda: weighed(by.get, f"{REVIEW}import/{newest()}/"),
        "POST confirm import": lambda: weighed(by.post, f"{REVIEW}import/{newest()}/confirm"),
        "POST short import": post(f"{REVIEW}import/", lambda: {"sheet": table(bringing.AT_ONCE), "submit": "on"}),
        "POST confirm short import": lambda: weighed(by.post, f"{REVIEW}import/{newest()}/confirm"),
        "GET import result": lambda: weighed(by.get, f"{REVIEW}import/{newest()}/"),
        "POST picture of 40 megapixels, JPEG": post(f"{REVIEW}images", lambda: picture("JPEG")),
        "POST picture of 40 megapixels, progressive": post(
            f"{REVIEW}images", lambda: picture("JPEG", progressive=True)
        ),
        "POST picture of 40 megapixels, PNG": post(f"{REVIEW}images", lambda: picture("PNG")),
        "POST together": post(f"{REVIEW}together", lambda: read_together(by)),
        "GET missed, as many as are chosen": lambda: weighed(by.get, MISSED, chosen("slot")),
        "POST missed, slot": post(MISSED, lambda: chosen("slot")),
        "POST missed, drop": post(MISSED, lambda: chosen("drop")),
        "POST admin drafts reject": lambda: in_admin(by, "reject", Draft.objects.in_review()),
        "POST admin drafts skip": lambda: in_admin(by, "skip", Draft.objects.in_review()),
        "POST admin publications cancel": lambda: in_admin(by, "cancel", queued()),
        "POST admin publications reschedule": lambda: in_admin(by, "reschedule", queued(), at=far()),
        "POST edit, the longest text": lambda: weighed(by.post, *rewritten()),
        "POST edit, the longest text again": lambda: weighed(by.post, *rewritten()),
        "POST start a pause": post("/pause/start", lambda: {"scope": "everything", "reason": "Bench"}),
        "GET lift a pause of everything": lambda: weighed(by.get, lifted()),
        "POST lift a pause of everything": lambda: weighed(by.post, lifted(), {"respace": "on"}),
        "POST start an emergency": post("/takedown/start", emergency),
    }
    for name, step in steps.items():
        yield "operator", name, step


def table(lines: int = bringing.MOST_LINES) -> SimpleUploadedFile:
    labels = [account.label for account in SocialAccount.objects.order_by("pk")]
    rows = [f"bench-{lines}-{n}\t{labels[n % len(labels)]}\t{crowd.WORDS.format(n)}" for n in range(lines)]
    return SimpleUploadedFile("drafts.csv", "\n".join(["ref\taccount\ttext", *rows]).encode())


def newest() -> int:
    return Batch.objects.latest("pk").pk


def picture(kind: str, **options: Any) -> dict[str, SimpleUploadedFile]:
    noise = Pillow.effect_noise((1000, 625), 60).resize(MEGAPIXELS_40).convert("RGB")
    out = io.BytesIO()
    (noise if kind == "JPEG" else Pillow.new("RGBA", MEGAPIXELS_40)).save(out, kind, **options)
    return {"image": SimpleUploadedFile("bench.jpg" if kind == "JPEG" else "bench.png", out.getvalue())}


def read_together(by: Client) -> dict[str, Any]:
    """The page as it stands, with all ticked."""
    page = by.get(f"{REVIEW}together").content.decode()
    typed = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    return typed | {"draft": re.findall(r'name="draft" value="(\d+)"', page)}


def chosen(how: str) -> dict[str, Any]:
    rows = Publication.objects.filter(state__in=("missed", "failed")).order_by("slot_at")
    return {"how": how, "pk": list(rows.values_list("pk", flat=True)[:100])}


def queued() -> QuerySet[Publication]:
    return Publication.objects.filter(state="queued")


def lifted() -> str:
    return reverse("publishing:lift", args=[Pause.objects.latest("pk").pk])


def far() -> str:
    return f"{timezone.now() + timedelta(days=60):%Y-%m-%dT%H:%M}"


def in_admin(by: Client, action: str, rows: Any, **typed: Any) -> Cost:
    """Of a whole page of the list, confirmed."""
    meta = rows.model._meta
    where = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    selected = {"action": action, "_selected_action": list(rows.values_list("pk", flat=True)[:100])}
    return weighed(
        by.post, where, selected | {"confirmed": "yes", "post": "yes", "note": "Bench", "reason": "Bench"} | typed
    )


def rewritten() -> tuple[str, dict[str, Any]]:
    """Of a draft that says something else everywhere, and is as long the second time."""
    draft = Draft.objects.in_review().filter(account__platform="facebook").order_by("-pk").first()
    assert draft
    text = " ".join(f"{draft.decisions.count()}word{n % 977}" for n in range(6_000))
    return f"{REVIEW}{draft.pk}/edit", {"text": text, "digest": draft.digest(), "missing": "0"}


def emergency() -> dict[str, Any]:
    """Of a client with more than a hundred posts since then."""
    theirs = SocialAccount.objects.order_by("pk")[6].client
    about = {"client": theirs.pk, "since": "2020-01-01T00:00:00+00:00", "key": uuid4(), "pause": "on"}
    return about | {"name": theirs.name, "reason": "Bench"}


def weighed(send: Callable[..., Any], *call: Any) -> Cost:
    """Of this process alone: the processor's seconds, and the most that it held beyond what it held before."""
    statements = 0

    def counted(execute: Any, *statement: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*statement)

    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    before, began = held("VmRSS"), time.process_time()
    with connection.execute_wrapper(counted):
        answer = send(*call)
        sent = sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)
    spent, most = time.process_time() - began, held("VmHWM")
    return {
        "seconds": round(spent, 3),
        "MB": round(max(most - before, 0) / 1024, 1),
        "queries": statements,
        "status": answer.status_code,
        "sent": sent,
    }


def held(what: str) -> int:
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])
