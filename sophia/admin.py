"""What the admin pages have in common, and what of other packages only superusers may see.

A Schedule of django-q2 runs any function by name: whoever may add one owns the machine.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, User
from django.db.models import URLField
from django.forms import Media
from django.http import HttpRequest
from django_q import admin as q_admin
from django_q.models import Failure, OrmQ, Schedule, Success

SCRIPTS = ("vendor/jquery/jquery.min", "jquery.init", "core", "admin/RelatedObjectLookups", "actions")
"""Without those that make slugs while a title is typed: half of a page's weight, and no page of ours has any."""


class LightAdmin(admin.ModelAdmin):
    @property
    def media(self) -> Media:
        return Media(js=[f"admin/js/{script}.js" for script in SCRIPTS])


class ReadOnlyAdmin(LightAdmin):
    """Rows that only verbs write."""

    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    # Counting everything beside what a filter found reads the whole table.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = False
    media = Media()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SuperusersOnly(admin.ModelAdmin):
    """For everybody else it is not there, whatever permissions they were given."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser) and super().has_delete_permission(request, obj)


for model in (Schedule, Success, Failure, OrmQ, User, Group):
    admin.site.unregister(model)


@admin.register(Schedule)
class ScheduleAdmin(SuperusersOnly, q_admin.ScheduleAdmin):
    pass


@admin.register(Success)
class SuccessAdmin(SuperusersOnly, q_admin.TaskAdmin):
    pass


@admin.register(Failure)
class FailureAdmin(SuperusersOnly, q_admin.FailAdmin):
    pass


@admin.register(OrmQ)
class QueueAdmin(SuperusersOnly, q_admin.QueueAdmin):
    pass


@admin.register(User)
class UserAdmin(SuperusersOnly, auth_admin.UserAdmin):
    pass


@admin.register(Group)
class GroupAdmin(SuperusersOnly, auth_admin.GroupAdmin):
    pass


admin.site.site_header = "Sophia"
admin.site.site_title = "Sophia"
admin.site.index_title = "Everything on the desk"
