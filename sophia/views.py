from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
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
from sophia import live
from sophia.notifications.models import Notice, Subscription

NOTICES = 10
UPCOMING = 6
OUT = 6


@login_required
def home(request: HttpRequest) -> HttpResponse:
    request.place = live.last_event_id()  # type: ignore[attr-defined]
    if not request.user.has_perms(["approval.view_draft", "publishing.view_publication"]):
        return render(request, "no_role.html")
    now = timezone.now()
    needs = needing_a_person(request, now)
    nothing = not any(needs.values())
    bare = nothing and not SocialAccount.objects.exists()
    context = {"nothing": nothing, "bare": bare} | needs | passing(now)
    return render(request, "home.html", context)


def needing_a_person(request: HttpRequest, now: datetime) -> dict[str, Any]:
    states = dict(Publication.objects.needing_a_person().order_by().values_list("state").annotate(Count("pk")))
    told = request.user.has_perm("notifications.view_subscription")
    return {
        "reviewing": Draft.objects.in_review().count(),
        "stale": Draft.objects.stale(now).count(),
        "needs": [(state, states[state]) for state in Publication.State if state in states],
        "recoveries": Recovery.objects.needing_a_person().count(),
        "lookalikes": Publication.objects.lookalikes().count(),
        "broken": Subscription.objects.broken().count() if told else 0,
        "disconnected": SocialAccount.objects.needing_reconnect().select_related("client"),
        "expiring": SocialAccount.objects.to_look_after(now).select_related("client"),
    }


def passing(now: datetime) -> dict[str, Any]:
    """What goes out, what went out, and what was told."""
    upcoming, lately = (in_rows(rows) for rows in (Publication.objects.waiting(), pulse.lately(now)))
    return {
        "today": today(now),
        "upcoming": upcoming[:UPCOMING],
        "out": lately.count(),
        "lately": lately[:OUT],
        "notices": Notice.objects.all()[:NOTICES],
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
