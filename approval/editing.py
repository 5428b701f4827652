"""The pages on which drafts are written and edited."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from approval import screens
from approval.clientlinks.screens import watchers
from approval.forms import ContentForm, Row, WriteForm, rows_of
from approval.models import Draft
from approval.seeing import on
from approval.views import find, here, show
from publishing import images, platforms
from publishing.models import SocialAccount
from sophia import people
from sophia.answers import Asked, seen_with, status_of
from sophia.refusals import NotAcceptable, Refused

writing = seen_with("approval.view_draft", people.SUBMIT)
TO_EDIT = "To be edited."


@require_http_methods(["GET", "POST"])
@writing
def edit(request: Asked, pk: int) -> HttpResponse:
    found = find(request, pk)
    if request.method == "GET":
        typed = {"text": found.text, "link": found.link}
        form = ContentForm(initial=typed, rows=rows_of(found), person=request.user)
        return editor(request, form, found)
    form = ContentForm(request.POST, request.FILES, person=request.user)
    if not form.is_valid():
        return editor(request, form, found, 422, digest=form["digest"].value())
    try:
        save(request, found, form)
    except Refused as refused:
        return editor(request, form, find(request, pk), status_of(refused), refused=refused)
    messages.success(request, "Saved.")
    return redirect(found.get_absolute_url() + screens.query(request.GET))


def save(request: Asked, found: Draft, form: ContentForm) -> None:
    """An approved one leaves the queue and is edited where that was asked for: both, or neither."""
    with transaction.atomic():
        if "reopen" in request.POST and found.state == Draft.State.APPROVED:
            found.reopen(by=request.user, note=TO_EDIT)
        found.edit(
            by=request.user, digest=form.cleaned_data["digest"], seen=on("editor", request.POST), **form.content()
        )


@require_POST
@writing
def rework(request: Asked, pk: int) -> HttpResponse:
    """Out of the queue, and on to the form."""
    found = find(request, pk)
    try:
        found.reopen(by=request.user, note=TO_EDIT)
    except Refused as refused:
        return show(request, pk, status_of(refused), refused=refused)
    return redirect(reverse("approval:edit", args=[pk]) + screens.query(request.GET))


def editor(
    request: Asked, form: ContentForm, found: Draft | None, status: int = 200, refused: object = None, digest: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "draft": found,
        "approved": found is not None and found.state == Draft.State.APPROVED,
        "refused": refused,
        "digest": digest or (found.digest() if found else ""),
        "limits": json.dumps({name: counted(name) for name in SocialAccount.PlatformName.values}),
        "watchers": watchers(request.user) if found is None else [],
        "unanswered": found.unanswered if found else [],
        "back": (found.get_absolute_url() if found else reverse("approval:review")) + screens.query(request.GET),
    }
    return render(request, "approval/edit.html", context, status=status)


def counted(platform: str) -> dict[str, Any]:
    """What the page counts while somebody types, against what the platform takes."""
    limits = platforms.platform_class(platform).limits
    rows = {
        "characters": limits.text,
        "images": limits.images,
        "hashtags": limits.hashtags,
        "mentions": limits.mentions,
    }
    return {name: limit for name, limit in rows.items() if limit is not None}


@require_http_methods(["GET", "POST"])
@writing
def new(request: Asked) -> HttpResponse:
    """Writing, and in the same breath submitting where that button was pressed."""
    if request.method == "GET":
        return editor(request, WriteForm(person=request.user), None)
    form = WriteForm(request.POST, request.FILES, person=request.user)
    if not form.is_valid():
        return editor(request, form, None, 422)
    try:
        written = Draft.objects.write(by=request.user, **form.content())
    except Refused as refused:
        return editor(request, form, None, status_of(refused), refused)
    if "submit" in request.POST:
        return here(request, written, lambda: written.submit(by=request.user), "Written and submitted for review.")
    messages.success(request, "Written. Submit it when it is ready.")
    return redirect(written)


@require_POST
@writing
def upload(request: Asked) -> HttpResponse:
    """One image, before the form is saved. Answers with its row in the form, or with a sentence."""
    given = request.FILES.get("image")
    try:
        if given is None or given.name is None:
            raise NotAcceptable("No image arrived. Try again.")
        kept = images.store(given.read(images.MAX_UPLOAD + 1), given.name, by=request.user)
    except NotAcceptable as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8")
    return render(request, "approval/picture.html", {"row": Row(kept, "", 1), "number": 1})
