"""Take-downs, emergencies and lookalikes: read here. Take-downs are moved by actions, the others on the pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from publishing.admin_forms import WhyForm
from publishing.models import Emergency, Lookalike, Recovery
from sophia import people
from sophia.admin import ReadOnlyAdmin
from sophia.confirming import confirmed


@admin.register(Recovery)
class RecoveryAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "publication", "state", "urgency", "requested_by", "requested_at", "seen_gone_at")
    date_hierarchy = "requested_at"
    list_filter = ("state", "urgency", "via", "publication__account__client", "requested_at")
    list_select_related = ("publication__account", "requested_by")
    search_fields = ("reason", "note", "=publication__id", "publication__post_id", "publication__permalink")
    exclude = ("claim_token",)
    actions = ("start", "dismiss")

    def view_on_site(self, recovery: Recovery) -> str:
        return recovery.publication.get_absolute_url()

    def has_recover_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(people.RECOVER))

    @confirmed("Carry out now", permission="recover", sure="Take down", grave=2)
    def start(self, request: Any, recovery: Recovery, typed: dict[str, Any]) -> str:
        recovery.start(by=request.user)
        return f"{recovery}: a worker carries it out."

    @confirmed("Dismiss, the post stays up", permission="recover", form=WhyForm, sure="Dismiss")
    def dismiss(self, request: Any, recovery: Recovery, typed: dict[str, Any]) -> str:
        recovery.dismiss(by=request.user, note=typed["reason"])
        return f"{recovery} is dismissed."


@admin.register(Emergency)
class EmergencyAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "client", "since", "reason", "by", "via", "started_at", "finished_at")
    date_hierarchy = "started_at"
    list_filter = ("client", "via", ("finished_at", admin.EmptyFieldListFilter), "started_at")
    list_select_related = ("client", "by")
    search_fields = ("reason", "client__name", "by__username")

    def view_on_site(self, emergency: Emergency) -> str:
        return emergency.get_absolute_url()


@admin.register(Lookalike)
class LookalikeAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "publication", "because", "held_at", "released_by", "released_at", "note")
    list_filter = ("because", ("released_at", admin.EmptyFieldListFilter), "publication__account__client", "held_at")
    list_select_related = ("publication__account", "recovery", "released_by")
    search_fields = ("note", "=publication__id", "=recovery__publication__id")

    def view_on_site(self, lookalike: Lookalike) -> str:
        return lookalike.publication.get_absolute_url()
