"""What the admin pages have in common, and what of other packages only superusers may see."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import URLField
from django.forms import Media
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django_q import admin as q_admin
from django_q.models import Failure, OrmQ, Schedule, Success

from sophia import security
from sophia.lookups import ListedLookups
from sophia.membership import Assignment, Membership, Visible
from sophia.signin.confirmation import fresh_sign_in, posted

CLIENTS: Any = Membership._meta.get_field("clients").related_model
SCRIPTS = ("vendor/jquery/jquery.min", "jquery.init", "core", "admin/RelatedObjectLookups", "actions")
"""Without those that make slugs while a title is typed: half of a page's weight, and no page of ours has any."""


class UnbrokenAdmin(ListedLookups):
    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list without filters, as for any other nonsense: PostgreSQL cannot compare with a NUL."""
        if "%00" in request.META["QUERY_STRING"]:
            raise IncorrectLookupParameters
        return super().get_changelist_instance(request)


class LightAdmin(UnbrokenAdmin):
    @property
    def media(self) -> Media:
        return Media(js=[f"admin/js/{script}.js" for script in SCRIPTS])


class OfTheirClients(LightAdmin):
    """Shows, offers and changes only what belongs to the clients for whom the person works."""

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        rows = db_field.related_model._default_manager.all()
        if isinstance(rows, Visible):
            options["queryset"] = rows.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **options)


class ClientFilter(admin.RelatedFieldListFilter):
    """Names only the clients for whom the person works."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [(client.pk, str(client)) for client in field.related_model.objects.visible_to(request.user)]


admin.FieldListFilter.register(
    lambda field: bool(field.remote_field) and field.related_model is CLIENTS, ClientFilter, take_priority=True
)


ADDRESSES: dict[Any, Any] = {URLField: {"assume_scheme": "https"}}


class UnwrittenAdmin(LightAdmin):
    """Rows that only verbs write."""

    formfield_overrides = ADDRESSES
    # Counting everything beside what a filter found reads the whole table.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(UnwrittenAdmin, OfTheirClients):
    """Rows of clients that only verbs write."""


class ReadOnlyInline(admin.TabularInline):
    formfield_overrides = ADDRESSES
    extra = 0
    can_delete = False
    show_change_link = False
    media = Media()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SuperusersOnly(UnbrokenAdmin):
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


class SuperusersReadOnly(UnwrittenAdmin):
    """Only superusers read it, and nobody writes it here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class Noted(SuperusersOnly):
    """Who is changed, and how, goes to the security log in the transaction of the change."""

    kind: security.Kind

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        said = "; ".join(changed_to(form, name) for name in form.changed_data)
        security.note(self.kind, by=request.user, about=form.instance, said=said if change else f"Added. {said}")

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        for row in queryset:
            security.note(self.kind, by=request.user, about=row, said="Removed.")
        return super().log_deletions(request, queryset)


def changed_to(form: Any, name: str) -> str:
    """The fields that hold a password are named, and what was typed there is not."""
    if "password" in name:
        return name
    value = form.cleaned_data.get(name)
    several = hasattr(value, "__iter__") and not isinstance(value, str)
    return f"{name}: {', '.join(map(str, value)) or 'none' if several else value}"


for model in (Schedule, Success, Failure, OrmQ, User, Group):
    admin.site.unregister(model)


@admin.register(Schedule)
class ScheduleAdmin(SuperusersReadOnly, q_admin.ScheduleAdmin):
    actions = ()


@admin.register(Success)
class SuccessAdmin(SuperusersReadOnly, q_admin.TaskAdmin):
    actions = ()


@admin.register(Failure)
class FailureAdmin(SuperusersReadOnly, q_admin.FailAdmin):
    actions = ()


@admin.register(OrmQ)
class QueueAdmin(SuperusersReadOnly, q_admin.QueueAdmin):
    actions = ()


class PersonForm(UserChangeForm):
    all_clients = forms.BooleanField(
        required=False, label="Works for all clients", help_text="Also those to come. Administrators always do."
    )
    clients = forms.ModelMultipleChoiceField(
        CLIENTS.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Works for these",
        help_text="Where it is not all of them. None ticked: for no client.",
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        row = Membership.objects.filter(person=self.instance.pk).first()
        self.initial["all_clients"] = row is None or row.all_clients
        self.initial["clients"] = list(row.clients.all()) if row else []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("all_clients") and cleaned.get("clients"):
            self.add_error("clients", "It is all clients or these: untick one or the other.")
        return cleaned

    def clients_chosen(self) -> Any:
        """As `Membership.objects.assign` wants it."""
        return None if self.cleaned_data["all_clients"] else self.cleaned_data["clients"]


class AssignmentInline(ReadOnlyInline):
    model = Assignment
    fk_name = "person"
    fields = ("at", "by", "said")
    readonly_fields = ("said",)


@admin.register(User)
class UserAdmin(Noted, auth_admin.UserAdmin):
    kind = security.Kind.PERSON
    form = PersonForm
    fieldsets = (*(auth_admin.UserAdmin.fieldsets or ()), ("Clients", {"fields": ("all_clients", "clients")}))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return [AssignmentInline] if obj else []

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if {"all_clients", "clients"} & set(form.changed_data):
            Membership.objects.assign(form.instance, by=request.user, clients=form.clients_chosen())

    @method_decorator(fresh_sign_in(only=posted))
    def changeform_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(*args, **kwargs)

    @method_decorator(fresh_sign_in(only=posted))
    @method_decorator(sensitive_post_parameters())
    def user_change_password(self, request: Any, id: str, form_url: str = "") -> Any:
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if response.status_code == 302:
                person = User.objects.filter(pk=id).first()
                security.note(security.Kind.PASSWORD, by=request.user, about=person, said="By an administrator.")
        return response


@admin.register(Group)
class GroupAdmin(Noted, auth_admin.GroupAdmin):
    kind = security.Kind.ROLE

    @method_decorator(fresh_sign_in(only=posted))
    def changeform_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(*args, **kwargs)


admin.site.site_header = "Sophia"
admin.site.site_title = "Sophia"
admin.site.index_title = "Everything on the desk"
