"""Drafts are read here and decided on by actions. Their words are edited on the review pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from approval.clientlinks.models import ClientLink, Comment, Visit
from approval.hearing import quoted
from approval.models import Decision, Draft, DraftPicture
from approval.seeing import on
from publishing import outlook
from publishing.models import Publication
from sophia import moments, people
from sophia.admin import ReadOnlyAdmin, ReadOnlyInline
from sophia.confirming import confirmed
from sophia.doors import Via
from sophia.refusals import Refused


class ApproveForm(forms.Form):
    at = forms.CharField(
        required=False,
        label="Publish at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="On the clock of each client. Empty: when the draft suggests, or now where it suggests nothing.",
    )
    mode = forms.ChoiceField(choices=Publication.Mode.choices)
    although = forms.CharField(
        required=False,
        max_length=500,
        label="Reason",
        help_text="Where the time is more than a year ahead, or the same goes out once more.",
    )
    answer = forms.CharField(
        required=False, max_length=500, label="Answer", help_text="Where a client has written: why all the same."
    )


class NoteForm(forms.Form):
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))


class RejectForm(NoteForm):
    tags = forms.CharField(required=False, help_text="Why, in a word each, with commas between.")
    field_order = ("tags", "note")


def with_digest(person: Any, drafts: Iterable[Draft]) -> list[tuple[Draft, str, dict[str, str]]]:
    """The digest of what this page shows goes with it, so that a change underneath is refused."""
    return [(draft, shown(draft, draft.digest()), posted(draft)) for draft in drafts]


def posted(draft: Draft) -> dict[str, str]:
    heard = ",".join(str(comment.pk) for comment in draft.unanswered)
    return {f"digest-{draft.pk}": draft.digest(), f"heard-{draft.pk}": heard}


def shown(draft: Draft, digest: str) -> str:
    images = draft.pictures.count()
    words = f"{draft.text}\n{draft.link}".strip()
    said = f"{quoted(draft.unanswered)} Nobody has answered.\n" if draft.unanswered else ""
    return f"{said}{draft.account}, {images} image{'' if images == 1 else 's'}\n{words}\nDigest {digest}"


class PictureInline(ReadOnlyInline):
    model = DraftPicture
    fields = ("position", "image", "alt")


class DecisionInline(ReadOnlyInline):
    model = Decision
    fields = ("at", "verb", "by", "via", "tags", "note", "diff")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by", "draft__account", "client_link")


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "account", "stage", "suggested_at", "submitted_at", "author", "review_page")
    date_hierarchy = "submitted_at"
    list_filter = ("state", "account__platform", "account__client", "created_at")
    list_select_related = ("account__client", "publication", "author")
    search_fields = ("title", "text", "ref", "account__external_id", "account__client__name")
    inlines = (PictureInline, DecisionInline)
    actions = ("approve", "reject", "skip", "reopen")

    def view_on_site(self, draft: Draft) -> str:
        return draft.get_absolute_url()

    @admin.display(description="review")
    def review_page(self, draft: Draft) -> str:
        return format_html('<a href="{}">Open</a>', draft.get_absolute_url())

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(people.APPROVE))

    def has_review_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(people.REVIEW))

    @confirmed("Approve drafts", permission="approve", form=ApproveForm, tells=with_digest, sure="Approve")
    def approve(self, request: Any, draft: Draft, typed: dict[str, Any]) -> str:
        if (typed["although"] or typed["answer"]) and len(request.POST.getlist("_selected_action")) > 1:
            raise Refused(f"{draft}: a reason is for one draft. Approve it by itself.")
        at = moments.parse(typed["at"], draft.account.client.zone) if typed["at"] else None
        digest = request.POST.get(f"digest-{draft.pk}", "")
        draft.approve(
            by=request.user,
            digest=digest,
            at=at,
            via=Via.ADMIN,
            mode=typed["mode"],
            although=typed["although"],
            answer=typed["answer"],
            seen=on("admin", request.POST, f"-{draft.pk}"),
        )
        if draft.publication is None:
            return f"{draft} is approved by you. Another person has to approve it too."
        return f"{draft} is approved. {outlook.said(draft.publication, timezone.now())}"

    @confirmed("Reject drafts", permission="review", form=RejectForm, sure="Reject")
    def reject(self, request: Any, draft: Draft, typed: dict[str, Any]) -> str:
        tags = [tag.strip() for tag in typed["tags"].split(",") if tag.strip()]
        draft.reject(by=request.user, tags=tags, note=typed["note"], via=Via.ADMIN)
        return f"{draft} is rejected."

    @confirmed("Skip drafts", permission="review", form=NoteForm, sure="Skip")
    def skip(self, request: Any, draft: Draft, typed: dict[str, Any]) -> str:
        draft.skip(by=request.user, note=typed["note"], via=Via.ADMIN)
        return f"{draft} is skipped."

    @confirmed("Reopen drafts", permission="review", form=NoteForm, sure="Reopen")
    def reopen(self, request: Any, draft: Draft, typed: dict[str, Any]) -> str:
        draft.reopen(by=request.user, note=typed["note"], via=Via.ADMIN)
        return f"{draft} is in review again."


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "draft", "by", "via", "note")
    list_filter = ("verb", "via", "by", "at")
    list_select_related = ("draft__account", "by", "client_link")
    search_fields = ("note", "draft__title", "draft__ref", "by__username", "digest")

    def view_on_site(self, decision: Decision) -> str:
        return decision.draft.get_absolute_url()


@admin.register(ClientLink)
class ClientLinkAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "made_by", "expires_at", "may_approve_by", "revoked_at", "revoked_by")
    list_filter = ("client", "made_at")
    list_select_related = ("client", "made_by", "may_approve_by", "revoked_by")
    search_fields = ("person", "client__name")


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ("at", "link", "draft", "text")
    list_filter = ("link__client", "at")
    list_select_related = ("link__client", "draft__account")
    search_fields = ("text", "link__person")

    def view_on_site(self, comment: Comment) -> str:
        return comment.draft.get_absolute_url()


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    list_display = ("at", "link", "draft")
    list_filter = ("link__client", "at")
    list_select_related = ("link__client", "draft__account")
    search_fields = ("link__person",)
