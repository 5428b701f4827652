"""Clients and accounts are kept here; everything that goes out, or went, is read here and moved by actions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.text import Truncator
from django.views.decorators.csrf import csrf_protect

from publishing import lookalikes, outlook, takedown_admin
from publishing.admin_forms import AccountForm, ReasonForm, RecoverForm, RescheduleForm, WhyForm
from publishing.models import (
    Attempt,
    Candidate,
    Client,
    Image,
    Pause,
    Publication,
    PublicationPicture,
    Recovery,
    Sighting,
    SocialAccount,
)
from publishing.pause_admin import MayPause
from sophia import moments, people, security
from sophia.admin import OfTheirClients, ReadOnlyAdmin, ReadOnlyInline
from sophia.confirming import confirmed
from sophia.doors import Via
from sophia.membership import works_for
from sophia.signin.confirmation import fresh_sign_in, posted

__all__ = ["takedown_admin"]
CADENCE = ("min_gap", "max_per_week", "weekdays", "opens_at", "closes_at", "calls_per_hour", "posts_per_day")


def with_words(person: Any, publications: Iterable[Publication]) -> list[tuple[Publication, str, dict[str, str]]]:
    """Under each, where it goes, when, how it stands, and how it begins."""
    return [(one, f"{standing(one)}\n{Truncator(one.text or one.link).chars(200)}", {}) for one in publications]


def standing(one: Publication) -> str:
    return f"{one.account}, {one.local_time()}, {one.get_state_display()}"


def note_rule(by: User, about: Any, said: str) -> None:
    security.note(security.Kind.RULE, by=by, about=about, said=said)


@admin.register(Client)
class ClientAdmin(MayPause, OfTheirClients):
    list_display = ("name", "timezone", "lateness_limit", "twin_window", "approval_rule")
    list_filter = ("approval_rule", "timezone")
    search_fields = ("name",)
    actions = ("pause",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A rule that asks for two people is no rule if one of them can change it."""
        return () if request.user.is_superuser else ("approval_rule",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who works for some clients would not see the one they made."""
        return super().has_add_permission(request) and works_for(request.user) is None

    def save_model(self, request: Any, obj: Client, form: Any, change: bool) -> None:
        """What was not typed is not written: somebody else may just have changed it."""
        obj.save(update_fields=form.changed_data if change else None)
        if "approval_rule" in form.changed_data:
            note_rule(request.user, obj, obj.get_approval_rule_display())

    @confirmed("Pause publishing", permission="pause", form=ReasonForm, sure="Pause")
    def pause(self, request: Any, client: Client, typed: dict[str, Any]) -> str:
        Pause.objects.start(by=request.user, reason=typed["reason"], client=client, via=Via.ADMIN)
        return f"{client} is paused."


@admin.register(SocialAccount)
class SocialAccountAdmin(MayPause, OfTheirClients):
    form = AccountForm
    list_display = ("__str__", "client", "label", "healthy", "token_ending", "min_gap", "max_per_week", "checked_at")
    list_filter = ("platform", "through", ("needs_reconnect_since", admin.EmptyFieldListFilter), "client")
    list_select_related = ("client",)
    search_fields = ("name", "external_id", "client__name")
    readonly_fields = (
        "token_ending",
        "ends",
        "trouble",
        "checked_at",
        "needs_reconnect_since",
        "needs_reconnect_because",
        "held_by_its_platform",
        "direct_since",
    )
    fields = ("client", "move", "platform", "external_id", "name", "through", "new_token", *CADENCE, *readonly_fields)
    actions = ("pause",)

    @admin.display
    def held_by_its_platform(self, account: SocialAccount) -> str:
        held = account.posts_held(timezone.now()) if account.pk else None
        return held.because if held else "no"

    @admin.display(boolean=True)
    def healthy(self, account: SocialAccount) -> bool:
        return account.is_healthy

    @admin.display(description="token")
    def token_ending(self, account: SocialAccount) -> str:
        return f"ends with ••••{account.token_tail}" if account.token_tail else "none"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """An account keeps its id: approvals are sealed with it. Its client says how many people approve: whoever could
        move it to another would be enough alone."""
        if obj is None:
            return self.readonly_fields
        kept = ("platform", "external_id") if request.user.is_superuser else ("client", "platform", "external_id")
        return (*kept, *self.readonly_fields)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **options)
        form.by = request.user
        return form

    @method_decorator(fresh_sign_in(only=posted))
    @method_decorator(csrf_protect)
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Without the transaction of the stock admin: the form asks the platform, and nothing may be held meanwhile."""
        return self._changeform_view(request, object_id, form_url, extra_context)  # type: ignore[attr-defined]

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """The form has connected it already, which saves."""
        if change and "client" in form.changed_data:
            note_rule(request.user, obj, f"It belongs to {obj.client} now, with their rule.")
        advice = obj.platform_class.after_connecting
        self.message_user(request, " ".join(filter(None, [f"{obj.label} answered.", *form.found, advice])))

    @confirmed("Pause publishing", permission="pause", form=ReasonForm, sure="Pause")
    def pause(self, request: Any, account: SocialAccount, typed: dict[str, Any]) -> str:
        Pause.objects.start(by=request.user, reason=typed["reason"], account=account, via=Via.ADMIN)
        return f"{account} is paused."


@admin.register(Image)
class ImageAdmin(ReadOnlyAdmin):
    list_display = ("sha256", "mime", "width", "height", "size", "created_at")
    list_filter = ("mime", "created_at")
    search_fields = ("sha256",)


class PictureInline(ReadOnlyInline):
    model = PublicationPicture
    fields = ("position", "image", "alt")


class AttemptInline(ReadOnlyInline):
    model = Attempt
    fields = ("started_at", "ended_at", "outcome", "sentence", "way", "code", "subcode")


class RecoveryInline(ReadOnlyInline):
    model = Recovery
    fields = ("requested_at", "requested_by", "state", "urgency", "reason", "seen_gone_at", "note")


class SightingInline(ReadOnlyInline):
    model = Sighting
    fields = ("at", "verdict", "message")


class CandidateInline(ReadOnlyInline):
    model = Candidate
    fields = ("post_id", "permalink", "message", "made_at", "images", "weak", "refused_at", "refused_by")


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "account", "state", "mode", "local", "published_at", "approved_by", "reason")
    date_hierarchy = "publish_at"
    list_filter = ("state", "mode", "account__platform", "account__client", "publish_at")
    list_select_related = ("account__client", "approved_by")
    search_fields = ("text", "post_id", "permalink", "account__external_id", "account__client__name")
    exclude = ("claim_token", "seal")
    inlines = (PictureInline, AttemptInline, SightingInline, RecoveryInline, CandidateInline)
    actions = ("retry", "reschedule", "cancel", "recover")

    def view_on_site(self, publication: Publication) -> str:
        return publication.get_absolute_url()

    @admin.display(description="publish at", ordering="publish_at")
    def local(self, publication: Publication) -> str:
        return publication.local_time()

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(people.OPERATE))

    def has_recover_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(people.RECOVER))

    @confirmed("Try again now", permission="operate", tells=with_words, sure="Try again")
    def retry(self, request: Any, publication: Publication, typed: dict[str, Any]) -> str:
        publication.retry(by=request.user)
        return f"{publication} is queued again. {outlook.said(publication, timezone.now())}"

    @confirmed("Reschedule", permission="operate", form=RescheduleForm, tells=with_words, sure="Reschedule")
    def reschedule(self, request: Any, publication: Publication, typed: dict[str, Any]) -> str:
        at: datetime = moments.parse(typed["at"], publication.account.client.zone)
        publication.reschedule(by=request.user, at=at, although=typed["although"])
        return f"{publication} is set for {publication.local_time()}. {outlook.said(publication, timezone.now())}"

    @confirmed("Cancel", permission="operate", form=WhyForm, tells=with_words, sure="Cancel them")
    def cancel(self, request: Any, publication: Publication, typed: dict[str, Any]) -> str:
        publication.cancel(by=request.user, reason=typed["reason"])
        return f"{publication} is cancelled."

    @confirmed(
        "Take down (recover)", permission="recover", form=RecoverForm, tells=with_words, sure="Take down", grave=2
    )
    def recover(self, request: Any, publication: Publication, typed: dict[str, Any]) -> str:
        recovery = publication.recover(by=request.user, via=Via.ADMIN, **typed)
        if recovery.executed_by:
            said = f"{publication}: a worker is taking it down. {recovery} tells what comes of it."
            return " ".join([said, *lookalikes.told(recovery)])
        return f"{publication}: {recovery} is filed for a person to review."


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "publication", "started_at", "ended_at", "outcome", "sentence", "code")
    date_hierarchy = "started_at"
    list_filter = ("outcome", "way", "publication__account__platform", "publication__account__client", "started_at")
    list_select_related = ("publication__account",)
    search_fields = ("=publication__id", "sentence", "trace_id")
    exclude = ("token",)

    def view_on_site(self, attempt: Attempt) -> str:
        return attempt.publication.get_absolute_url()
