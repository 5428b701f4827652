from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sophia.answers import Asked, seen_with
from sophia.health import examination, figures
from sophia.membership import sees


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """For monitors: 200 when publishing works, 503 when it does not. Numbers only, nothing confidential."""
    taken = figures.take()
    return JsonResponse(taken.as_json(), status=200 if taken.is_sound else 503)


@require_safe
@seen_with("publishing.view_publication")
def health(request: Asked) -> HttpResponse:
    """What is wrong, and what to do about it."""
    findings = [finding for finding in examination.examine() if sees(request.user, finding.client)]
    return render(request, "health.html", {"findings": findings, "figures": figures.take()})
