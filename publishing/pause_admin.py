"""Pauses are started and lifted here."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from publishing.admin_forms import PauseForm
from publishing.lifting import lift, plan
from publishing.models import Pause, Publication
from sophia import people
from sophia.admin import ReadOnlyAdmin
from sophia.confirming import TEMPLATE, confirmed
from sophia.doors import Via
from sophia.refusals import Refused


class MayPause:
    def has_pause_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(people.PAUSE))


def with_plan(person: Any, pauses: Iterable[Pause]) -> list[tuple[Pause, str, dict[str, str]]]:
    """Under each pause, what lifting all that were chosen would do to the publications it holds, as far as this person
    may see them."""
    chosen, now = list(pauses), timezone.now()
    steps = plan([pause for pause in chosen if pause.in_force], now)
    return [
        (pause, "\n".join(f"{step.publication} {step.will}" for step in steps if step.publication in held), {})
        for pause in chosen
        for held in [set(Publication.objects.visible_to(person).held_by(pause))]
    ]


@admin.register(Pause)
class PauseAdmin(MayPause, ReadOnlyAdmin):
    list_display = ("__str__", "reason", "started_by", "started_at", "lifted_by", "lifted_at")
    date_hierarchy = "started_at"
    list_filter = (("lifted_at", admin.EmptyFieldListFilter), "platform", "client", "started_at")
    list_select_related = ("client", "account__client", "started_by", "lifted_by")
    search_fields = ("reason", "client__name", "account__external_id", "started_by__username")
    actions = ("resume",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_pause_permission(request)

    def add_view(self, request: Any, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Pausing, everything if no scope is chosen, also when the list is empty and offers no actions."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PauseForm(request.POST if request.method == "POST" else None, person=request.user)
        if form.is_valid() and self.start(request, form):
            return HttpResponseRedirect("../")
        context = {"title": "Pause publishing", "opts": self.opts, "media": self.media, "form": form, "sure": "Pause"}
        return TemplateResponse(request, TEMPLATE, {**self.admin_site.each_context(request), **context})

    def start(self, request: Any, form: PauseForm) -> Pause | None:
        try:
            pause = Pause.objects.start(by=request.user, via=Via.ADMIN, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
            return None
        late = ", ".join(map(str, pause.too_late_for().select_related("account")))
        too_late = f" With the platform already, and not stopped: {late}." if late else ""
        self.message_user(request, f"Paused {pause.scope}.{too_late}", messages.SUCCESS)
        return pause

    @confirmed("Resume publishing", permission="pause", tells=with_plan, sure="Resume")
    def resume(self, request: Any, pause: Pause, typed: dict[str, Any]) -> str:
        lift([pause], by=request.user, via=Via.ADMIN)
        return f"{pause} is lifted."
