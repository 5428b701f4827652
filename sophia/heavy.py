"""Requests that are turned away by their size, before anything of them is read into memory."""

from django.http import HttpRequest, HttpResponse

LARGEST_FORM = 2 * 1024 * 1024
"""Bytes. Images come as files, from people who are signed in."""
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
    if request.content_type != FORM and request.user.is_authenticated:
        return None
    largest = f"{LARGEST_FORM // 2**20} MB"
    return HttpResponse(f"Sophia takes forms of up to {largest}.", status=413, content_type="text/plain")
