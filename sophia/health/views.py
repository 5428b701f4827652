from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST

from sophia.answers import Asked, seen_with
from sophia.health import examination, figures
from sophia.health.metrics import exposition as figures_as_text
from sophia.membership import sees


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """For monitors: 200 when publishing works, 503 when it does not. To strangers why, in words; figures to others."""
    told = figures.take() if is_of_the_desk(request) else figures.latest.ask()
    return JsonResponse(told.as_json(), status=200 if told.is_sound else 503)


def is_of_the_desk(request: HttpRequest) -> bool:
    if settings.SOPHIA_METRICS_TOKEN and has_token(request):
        return True
    try:
        return request.user.has_perm("publishing.view_publication")
    except Error:
        return False


def has_token(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "")
    return constant_time_compare(sent, f"Bearer {settings.SOPHIA_METRICS_TOKEN}")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus and its kin. Without a token in the settings there is no such page."""
    if not settings.SOPHIA_METRICS_TOKEN:
        raise Http404
    if not has_token(request):
        return HttpResponse("Send the metrics token.", status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        return HttpResponse(figures_as_text(), content_type=CONTENT_TYPE_LATEST)
    except Error:
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")


@require_safe
@seen_with("publishing.view_publication")
def health(request: Asked) -> HttpResponse:
    """What is wrong, and what to do about it."""
    now = timezone.now()
    found = examination.survey(now)
    seen = sorted((one for one in found if sees(request.user, one.client)), key=lambda one: not one.ill)
    context = {"findings": seen, "figures": figures.counted(now, found), "is_large": examination.is_large()}
    return render(request, "health.html", context)
