"""Emergencies, and what looks like a post that came down: read here, moved on the pages."""

from django.contrib import admin

from publishing.models import Emergency, Lookalike
from sophia.admin import ReadOnlyAdmin


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
