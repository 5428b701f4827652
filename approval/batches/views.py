"""Uploading a file of drafts: the form, what would come of it, and the confirmation."""

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approval import sheets
from approval.batches import bringing
from approval.batches.models import LARGEST, Batch
from approval.clientlinks.screens import watchers
from approval.models import Draft
from sophia import people
from sophia.answers import Asked, seen_with, status_of
from sophia.refusals import Refused

writing = seen_with("approval.view_draft", people.SUBMIT)


@require_http_methods(["GET", "POST"])
@writing
def upload(request: Asked) -> HttpResponse:
    if request.method == "GET":
        return render(request, "approval/batches/upload.html", {"columns": sheets.COLUMNS})
    try:
        batch = kept(request)
    except Refused as refused:
        context = {"columns": sheets.COLUMNS, "refused": refused, "submit": "submit" in request.POST}
        return render(request, "approval/batches/upload.html", context, status=status_of(refused))
    return redirect("approval:batch", batch.pk)


def kept(request: Asked) -> Batch:
    """The file is judged as a whole first: what is no table at all is not kept."""
    sheet = request.FILES.get("sheet")
    if sheet is None:
        raise Refused("Choose a file first.")
    content, name = sheet.read(LARGEST + 1), sheet.name or "drafts.csv"
    if len(content) <= LARGEST:
        bringing.read(name, content)
    images, refused = bringing.stored(request.FILES.getlist("images"), request.user)
    return Batch.objects.keep(
        by=request.user,
        name=name,
        content=content,
        pictures=images,
        refused=refused,
        submit="submit" in request.POST,
    )


@require_safe
@writing
def batch(request: Asked, pk: int) -> HttpResponse:
    return show(request, pk)


def show(request: Asked, pk: int, status: int = 200, **extra: Any) -> HttpResponse:
    """Before its confirmation what would be created, afterwards what was."""
    found = Batch.objects.of(request.user).filter(pk=pk).first()
    if found is None:
        return forgotten(request)
    if found.confirmed_at:
        rows = Draft.objects.visible_to(request.user).select_related("account__client")
        drafts = rows.filter(pk__in=(found.outcome or {}).get("drafts", []))
        return render(request, "approval/batches/done.html", {"batch": found, "drafts": drafts} | extra, status=status)
    try:
        foreseen = bringing.preview(found)
    except Refused as refused:  # it was kept by a version that took such files
        messages.error(request, str(refused))
        return redirect("approval:import")
    context = {"batch": found, "preview": foreseen, "shown": bringing.SHOWN}
    context["watchers"] = watchers(request.user) if found.submit else []
    return render(request, "approval/batches/preview.html", context | extra, status=status)


def forgotten(request: Asked) -> HttpResponse:
    messages.warning(request, "That file is not kept any more. Upload it again: nothing is created twice.")
    return redirect("approval:import")


@require_POST
@writing
def confirm(request: Asked, pk: int) -> HttpResponse:
    found = Batch.objects.of(request.user).filter(pk=pk).first()
    if found is None:
        return forgotten(request)
    try:
        created = bringing.bring(found, request.user)
    except Refused as refused:
        return show(request, pk, status_of(refused), refused=refused)
    if found.is_over:
        messages.success(request, f"{created} draft{'' if created == 1 else 's'} created.")
    return redirect("approval:batch", pk)


@require_safe
@writing
def template(request: Asked) -> HttpResponse:
    """Not through `spreadsheets`, which defuses formulas: this one is read again."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="drafts-template.csv"'
    csv.writer(response).writerows(sheets.TEMPLATE)
    return response
