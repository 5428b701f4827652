from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone

from approval.models import Draft
from publishing.calendar.today import today
from publishing.models import Publication, Recovery, SocialAccount
from sophia import live
from sophia.notifications.models import Notice, Subscription

NOTICES = 10
UPCOMING = 6


@login_required
def home(request: HttpRequest) -> HttpResponse:
    request.place = live.last_event_id()  # type: ignore[attr-defined]
    if not request.user.has_perms(["approval.view_draft", "publishing.view_publication"]):
        return render(request, "no_role.html")
    needy = Publication.objects.needing_a_person()
    needs = dict(needy.order_by().values_list("state").annotate(Count("pk")))
    upcoming = Publication.objects.waiting().select_related("account__client")
    upcoming = upcoming.prefetch_related("pictures", "recoveries", "lookalikes__recovery", "preflights")
    context = {
        "reviewing": Draft.objects.in_review().count(),
        "needs": [(state, needs[state]) for state in Publication.State if state in needs],
        "recoveries": Recovery.objects.needing_a_person().count(),
        "lookalikes": Publication.objects.lookalikes().count(),
        "disconnected": SocialAccount.objects.needing_reconnect().select_related("client"),
        "expiring": SocialAccount.objects.to_look_after(timezone.now()).select_related("client"),
        "today": today(timezone.now()),
        "broken": Subscription.objects.broken().count(),
        "upcoming": upcoming[:UPCOMING],
        "notices": Notice.objects.all()[:NOTICES],
    }
    others = (context[name] for name in ("reviewing", "recoveries", "lookalikes", "disconnected", "expiring", "broken"))
    context["nothing"] = not (needs or any(others))
    return render(request, "home.html", context)


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
