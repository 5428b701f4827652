"""Admin actions that ask first: a page that lists what will happen, then one verb for each row, each answered."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from publishing.platforms.base import PlatformError
from sophia.refusals import Refused
from sophia.signin.confirmation import ask as confirm_first
from sophia.signin.confirmation import is_needed

Verb = Callable[[Any, HttpRequest, Any, dict[str, Any]], str]
"""(admin, request, row, what was typed) to a sentence. Refused when the verb will not."""

TEMPLATE = "admin/confirm_action.html"
MOST = 25
"""Rows of one action. Each takes tens of milliseconds of the web, and a list holds thousands."""


def nothing_more(person: Any, rows: Iterable[Any]) -> list[tuple[Any, str, dict[str, str]]]:
    """Each row, a remark for this person about what will happen to it, and what the form posts back about it."""
    return [(row, "", {}) for row in rows]


def confirmed(
    title: str,
    *,
    permission: str,
    form: type[forms.Form] = forms.Form,
    tells: Callable[..., Any] = nothing_more,
    sure: str = "Yes, do it",
    grave: int = 0,
) -> Callable[[Verb], Any]:
    """Makes an admin action of a method that does one verb to one row. `permission` names a `has_…_permission` of the
    admin; the verb asks once more, whatever the page offered. Done to
    as many as `grave` or more, it asks who it is."""

    def decorate(verb: Verb) -> Any:
        @admin.action(description=f"{title}…", permissions=[permission])
        @wraps(verb)
        def action(self: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
            asked, rows = "confirmed" in request.POST, first(self, request, rows)
            typed = form(request.POST if asked else None)
            if not (asked and typed.is_valid()):
                return ask(self, request, action.__name__, title, sure, typed, tells(request.user, rows))
            if 0 < grave <= len(rows) and is_needed(request):
                return confirm_first(request)
            for row in rows:
                answer(self, request, row, verb, typed.cleaned_data)
            return HttpResponseRedirect(f"{request.path}?{request.POST.get('filters', '')}")

        return action

    return decorate


def first(model_admin: Any, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """As many as one action does, told where there are more."""
    chosen = list(rows.values_list("pk", flat=True)[: MOST + 1])
    if len(chosen) > MOST:
        said = f"These are the first {MOST} of those that you chose. Choose the others again when these are done."
        model_admin.message_user(request, said, messages.WARNING)
    return rows.filter(pk__in=chosen[:MOST])


def answer(model_admin: Any, request: HttpRequest, row: Any, verb: Verb, typed: dict[str, Any]) -> None:
    name = str(row)
    try:
        said = verb(model_admin, request, row, typed)
    except (Refused, PlatformError) as refused:
        model_admin.message_user(request, f"{name}: {refused}", messages.ERROR)
    else:
        model_admin.message_user(request, said, messages.SUCCESS)


def ask(
    model_admin: Any, request: HttpRequest, name: str, title: str, sure: str, typed: forms.Form, rows: Any
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "media": model_admin.media + typed.media,
        "form": typed,
        "rows": rows,
        "action": name,
        "sure": sure,
        "checkbox": ACTION_CHECKBOX_NAME,
        "filters": request.POST.get("filters", request.GET.urlencode()),
    }
    return TemplateResponse(request, TEMPLATE, context)
