"""Requests that are turned away by their size, before anything of them is read into memory."""

from django.http import HttpRequest, HttpResponse

LARGEST_FORM = 2 * 1024 * 1024
"""Bytes. Images come as files, from people who are signed in."""
LARGEST_UPLOAD = 300 * 1024 * 1024
"""Bytes of a form with all its files. The proxies of deploy/ let as much through (tests/health/test_deploy.py)."""
FORM = "application/x-www-form-urlencoded"
OF_PROGRAMS = ("/api/", "/sandbox/")
"""They read no body before they know whose it is, and have limits of their own."""


def turn_away(request: HttpRequest) -> HttpResponse | None:
    if request.path.startswith(OF_PROGRAMS):
        return None
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and "Transfer-Encoding" in request.headers:
        return HttpResponse("Say how long the request is: Content-Length.", status=411, content_type="text/plain")
    if not length.isdigit() or int(length) <= LARGEST_FORM:
        return None
    if request.content_type == FORM or not request.user.is_authenticated:
        return too_large(f"Sophia takes forms of up to {LARGEST_FORM // 2**20} MB.")
    if int(length) > LARGEST_UPLOAD:
        return too_large(
            f"Sophia takes up to {LARGEST_UPLOAD // 2**20} MB of files at once. Send them in several parts."
        )
    return None


def too_large(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=413, content_type="text/plain")
