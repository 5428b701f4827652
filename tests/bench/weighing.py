"""What a person's pages cost. Runs inside the desk that is measured."""

import time
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approval.models import Draft
from publishing.models import Pause, Publication, SocialAccount
from tests.bench import crowd, inside

WARM_UPS = 2
Cost = dict[str, float]


def weigh(drafts: int, in_review: int, times: int) -> dict[str, Cost]:
    crowd.fill(drafts, in_review, inside.operator())
    return costs(times)


def costs(times: int) -> dict[str, Cost]:
    """Of each page. Without DEBUG: it would write down every statement."""
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client()
    browser.force_login(inside.operator())
    return {address: cost(browser, address, times) for address in [*lists(), *single(), *changelists()]}


def lists() -> list[str]:
    today, client = timezone.now().date().isoformat(), SocialAccount.objects.order_by("pk")[3].client_id
    names = "home health search notices:notices notices:subscriptions notices:new approval:new approval:together"
    names += " approval:import approval:links approval:make_link publishing:pauses publishing:emergencies"
    return [
        *map(reverse, names.split()),
        *(f"/calendar/?{what}" for what in (f"month={today[:7]}", "", f"day={today}", f"client={client}")),
        *(f"/review/{what}" for what in ("", "?stale=1", "?state=approved", "?state=rejected", f"?client={client}")),
        *(f"{reverse('approval:together')}?client={client}", f"/takedown/?client={client}&span=24"),
        *(f"/queue/?{what}" for what in ("", "state=published", "state=published&page=100", "needs=any", "today=1")),
        *(f"/queue/?{what}" for what in ("needs=missed", "held=1", "lately=1", f"client={client}")),
        *(f"/search/?q={what}" for what in ("bread", "posted", "nowhere", "padaria+bread", f"&client={client}")),
        *("/search/?q=posted&kind=publications&page=50", "/search/?q=lisbon&state=published"),
    ]


def single() -> list[str]:
    """One of each kind."""
    draft, pause = Draft.objects.in_review().first(), Pause.objects.first()
    publications = [Publication.objects.filter(state=state).first() for state in ("queued", "missed", "published")]
    taken_down = Publication.objects.filter(recoveries__isnull=False).first()
    assert draft
    assert pause
    assert publications[0]
    paths = [one.get_absolute_url() for one in (draft, *publications, taken_down) if one]
    paths += [reverse("approval:edit", args=[draft.pk]), reverse("publishing:lift", args=[pause.pk])]
    return paths + [reverse(name, args=[publications[0].pk]) for name in ("calendar:move", "publishing:dossier")]


def changelists() -> list[str]:
    models = [
        one._meta for one in admin.site._registry if one.__module__.startswith(("approval", "publishing", "sophia"))
    ]
    lists = [reverse(f"admin:{one.app_label}_{one.model_name}_changelist") for one in models]
    return [*lists, "/admin/approval/draft/?q=bread", "/admin/publishing/publication/?state__exact=published&p=3"]


def cost(browser: Client, address: str, times: int) -> Cost:
    runs = [once(browser, address) for _ in range(times + WARM_UPS)][WARM_UPS:]
    return runs[-1] | {name: round(median(run[name] for run in runs), 1) for name in ("cpu", "wall", "sql")}


def once(browser: Client, address: str) -> Cost:
    """Milliseconds: the processor's for this process, on the clock, and of those the database's. And bytes sent."""
    statements, waited = 0, 0.0

    def timed(execute: Any, *call: Any) -> Any:
        nonlocal statements, waited
        start = time.perf_counter()
        try:
            return execute(*call)
        finally:
            statements, waited = statements + 1, waited + time.perf_counter() - start

    with connection.execute_wrapper(timed):
        began, start = time.process_time(), time.perf_counter()
        answer = browser.get(address, follow=True, headers={"Accept-Encoding": "gzip"})
        spent, wall = time.process_time() - began, time.perf_counter() - start
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    sent = {"queries": statements, "sent": len(answer.content)}
    return {"cpu": spent * 1000, "wall": wall * 1000, "sql": waited * 1000, **sent}
