"""The security log, to be read and downloaded; and second factors, which an administrator can remove."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path

from sophia import spreadsheets
from sophia.admin import SuperusersReadOnly
from sophia.confirming import confirmed
from sophia.signin.models import SecondFactor, SecurityEvent

HEADS = ("id", "at", "kind", "who", "address", "about", "said")
AT_ONCE = 1000


@admin.register(SecurityEvent)
class SecurityEventAdmin(SuperusersReadOnly):
    list_display = ("at", "kind", "who", "address", "about", "said")
    list_filter = ("kind", "at")
    search_fields = ("who", "about", "said", "=address")
    change_list_template = "admin/security_log.html"

    def get_urls(self) -> list[Any]:
        export = self.admin_site.admin_view(self.export)
        return [path("export.csv", export, name="signin_securityevent_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """With the filters of the list, to which it leads back when there are none such."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:signin_securityevent_changelist")
        return spreadsheets.download("security-log", HEADS, written(rows))


def written(rows: QuerySet[SecurityEvent]) -> Iterator[list[Any]]:
    for row in rows.iterator(AT_ONCE):
        yield [row.pk, row.at.isoformat(timespec="seconds"), row.kind, row.who, row.address, row.about, row.said]


@admin.register(SecondFactor)
class SecondFactorAdmin(SuperusersReadOnly):
    list_display = ("person", "confirmed_at")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("person",)
    search_fields = ("person__username",)
    exclude = ("secret", "last_step")
    actions = ("remove",)

    def has_remove_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @confirmed("Remove the second factor", permission="remove", sure="Remove", grave=1)
    def remove(self, request: Any, factor: SecondFactor, typed: dict[str, Any]) -> str:
        factor.remove(by=request.user)
        return f"{factor.person} signs in with the password alone."
