from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
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
    """For monitors: 200 when publishing works, 503 when it does not. Numbers only, nothing confidential."""
    taken = figures.take()
    return JsonResponse(taken.as_json(), status=200 if taken.is_sound else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus and its kin. Without a token in the settings there is no such page."""
    token = settings.SOPHIA_METRICS_TOKEN
    if not token:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponse("Send the metrics token.", status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        return HttpResponse(figures_as_text(), content_type=CONTENT_TYPE_LATEST)
    except Error:
        return HttpResponse("The database does not answer.", status=503, content_type="text/plain")


@require_safe
@seen_with("publishing.view_publication")
def health(request: Asked) -> HttpResponse:
    """What is wrong, and what to do about it."""
    findings = [finding for finding in examination.examine() if sees(request.user, finding.client)]
    return render(request, "health.html", {"findings": findings, "figures": figures.take()})
