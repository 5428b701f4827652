from datetime import datetime
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone

from approval.models import Draft
from publishing import pulse
from publishing.calendar.today import today
from publishing.models import Publication, Recovery, SocialAccount
from publishing.models.app_throttle import AppThrottle
from sophia import live
from sophia.notifications.models import Notice, Subscription

NOTICES = 10
UPCOMING = 6
OUT = 6
RUNNING_OUT = 12


@login_required
def home(request: HttpRequest) -> HttpResponse:
    request.place = live.last_event_id()  # type: ignore[attr-defined]
    if not request.user.has_perms(["approval.view_draft", "publishing.view_publication"]):
        return render(request, "no_role.html")
    person, now = cast(User, request.user), timezone.now()
    needs = needing_a_person(person, now)
    nothing = not any(needs.values())
    bare = nothing and not SocialAccount.objects.visible_to(person).exists()
    context = {"nothing": nothing, "bare": bare} | needs | passing(person, now)
    return render(request, "home.html", context)


def needing_a_person(person: User, now: datetime) -> dict[str, Any]:
    publications, drafts = Publication.objects.visible_to(person), Draft.objects.visible_to(person)
    accounts = SocialAccount.objects.visible_to(person).select_related("client")
    states = dict(publications.needing_a_person().order_by().values_list("state").annotate(Count("pk")))
    told = person.has_perm("notifications.view_subscription")
    return {
        "reviewing": drafts.in_review().count(),
        "stale": drafts.stale(now).count(),
        "needs": [(state, states[state]) for state in Publication.State if state in states],
        "recoveries": Recovery.objects.visible_to(person).needing_a_person().count(),
        "lookalikes": publications.lookalikes().count(),
        "broken": Subscription.objects.visible_to(person).broken().count() if told else 0,
        "disconnected": accounts.needing_reconnect(),
        "expiring": accounts.to_look_after(now),
    }


def passing(person: User, now: datetime) -> dict[str, Any]:
    """What goes out, what went out, and what was told."""
    rows = Publication.objects.visible_to(person).waiting(), pulse.lately(now).visible_to(person)
    upcoming, lately = map(in_rows, rows)
    accounts = SocialAccount.objects.visible_to(person).select_related("client")
    drafts = Draft.objects.visible_to(person).select_related("account__client")
    apps = AppThrottle.objects.by_app(now)
    return {
        "quiet": [(account, account.posts_held(now, apps)) for account in accounts.posts_held(now)],
        "today": today(person, now),
        "running_out": drafts.running_out(now)[:RUNNING_OUT],
        "upcoming": upcoming[:UPCOMING],
        "out": lately.count(),
        "lately": lately[:OUT],
        "notices": Notice.objects.visible_to(person)[:NOTICES],
        # Asked for by the page of a demo alone.
        "to_try": drafts.in_review().values_list("pk", flat=True)[:1],
        "to_take_down": Publication.objects.visible_to(person).live().order_by("-published_at")[:1],
    }


def in_rows(rows: pulse.Rows) -> pulse.Rows:
    return rows.select_related("account__client").prefetch_related(
        "pictures", "recoveries", "lookalikes__recovery", "preflights"
    )


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it wherever a page names none."""
    return redirect(static("sophia/mark.svg"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return alone("403.html", 403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return alone("404.html", 404)


def alone(template: str, status: int) -> HttpResponse:
    """Without the request: Django renders these in threads whose database connections it never gives back."""
    return HttpResponse(render_to_string(template), status=status)
