"""What people type about drafts. Times are typed in the client's timezone."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils import timezone

from approval.models import Draft
from approval.seeing import on
from approval.suggesting import MEANS_NOW
from publishing import images
from publishing.forms import AT, NOW, LocalTimeField, row_number
from publishing.models import Image, Publication, SocialAccount
from publishing.outlook import AT_ONCE
from sophia.choosing import TheirForm
from sophia.refusals import NotAcceptable

SUGGESTED = "suggested"
SHA256 = re.compile(r"[0-9a-f]{64}")
UNDO = AT_ONCE
"""How long an approval for now waits before it goes out, so that it can be taken back."""
TAKEN_BACK = "Taken back."
LOST = "An image that you added is not here (any more). Look at the images below, and add it again."
TAGS = ["too formal", "too casual", "wrong angle", "off-brand", "too long", "too short"]


class ApproveForm(forms.Form):
    digest = forms.CharField(required=False)
    when = forms.ChoiceField(
        choices=[(NOW, "Now"), (SUGGESTED, "At the suggested time"), (AT, "At")],
        error_messages={"required": "Choose when it goes out."},
    )
    at = LocalTimeField(required=False)
    slot_now = forms.DateTimeField(required=False)
    slot_suggested = forms.DateTimeField(required=False)
    override = forms.CharField(required=False, max_length=500)
    although = forms.CharField(required=False, max_length=500)
    answer = forms.CharField(required=False, max_length=500)
    manual = forms.BooleanField(required=False)

    def __init__(self, *args: Any, draft: Draft, **options: Any):
        super().__init__(*args, **options)
        self.draft = draft
        self.initial["when"] = SUGGESTED if draft.is_ahead else "" if draft.needs_a_time else NOW
        self.fields["at"].zone = draft.account.client.zone  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("when") == AT and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", "Choose a day and a time.")
        return cleaned

    def asked(self) -> dict[str, Any]:
        """As `Draft.approve` wants it. The slot is the one that the reviewer saw, if it has not passed since."""
        typed = self.cleaned_data
        shown = {NOW: typed["slot_now"], SUGGESTED: typed["slot_suggested"], AT: typed["at"]}[typed["when"]]
        if typed["override"] or (typed["when"] != AT and shown and shown < timezone.now()):
            shown = typed["at"] if typed["when"] == AT else None
        at = shown or (timezone.now() if typed["when"] == NOW else self.draft.default_time())
        return {
            "digest": typed["digest"],
            "at": undoable(at),
            "exact": True,
            "override": typed["override"],
            "although": typed["although"],
            "answer": typed["answer"],
            "seen": on("review page", cast(QueryDict, self.data)),
            "mode": Publication.Mode.MANUAL if self.cleaned_data["manual"] else Publication.Mode.AUTO,
        }


class RejectForm(forms.Form):
    tags = forms.MultipleChoiceField(choices=[(tag, tag) for tag in TAGS], required=False)
    note = forms.CharField(required=False, max_length=2000)


class ReopenForm(forms.Form):
    note = forms.CharField(required=False)


@dataclass
class Row:
    """One image in the form of a draft."""

    image: Image
    alt: str
    position: int
    removed: bool = False


class ContentForm(TheirForm):
    """Text, link and images. An upload that was good is kept as a row even when another field was wrong."""

    text = forms.CharField(required=False, strip=False)
    link = forms.URLField(required=False, max_length=2000, assume_scheme="https")
    new_alts = forms.CharField(required=False, strip=False)
    digest = forms.CharField(required=False)
    missing = forms.IntegerField(required=False)
    """Images that the page was still sending, or that were not taken."""

    def __init__(self, *args: Any, person: User, rows: list[Row] | None = None, **options: Any):
        super().__init__(*args, person=person, **options)
        self.by = person
        posted = self.data if isinstance(self.data, QueryDict) and self.is_bound else QueryDict()
        self.rows = posted_rows(posted, person) if self.is_bound else rows or []
        self.lost = len(self.rows) < len(posted.getlist("picture"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if any("\0" in row.alt for row in self.rows):
            self.add_error(None, "An alt text holds a character that is not text. Write it again.")
        if cleaned.get("missing") or self.lost:
            self.add_error(None, LOST)
        alts = cleaned.get("new_alts", "").splitlines()
        for number, upload in enumerate(self.files.getlist("images") if self.files else []):
            self.take(upload, alts[number] if number < len(alts) else "")
        return cleaned

    def take(self, upload: Any, alt: str) -> None:
        try:
            kept = images.store(upload.read(images.MAX_UPLOAD + 1), upload.name, by=self.by)
        except NotAcceptable as refused:
            self.add_error(None, str(refused))
        else:
            self.rows.append(Row(kept, alt, len(self.rows) + 1))

    def pictures(self) -> list[tuple[Image, str]]:
        kept = sorted((row for row in self.rows if not row.removed), key=lambda row: row.position)
        return [(row.image, row.alt) for row in kept]

    def content(self) -> dict[str, Any]:
        """As `Draft.edit` and `Draft.objects.write` want it."""
        return {"text": self.cleaned_data["text"], "link": self.cleaned_data["link"], "pictures": self.pictures()}


class WriteForm(ContentForm):
    account = forms.ModelChoiceField(SocialAccount.objects.select_related("client"), empty_label="Choose an account")
    title = forms.CharField(required=False, max_length=200)
    suggested_at = LocalTimeField(required=False)
    field_order = ["account", "title", "text", "link", "suggested_at"]

    def clean_account(self) -> SocialAccount:
        """The clock on which the suggested time is read is known from here on."""
        account: SocialAccount = self.cleaned_data["account"]
        self.fields["suggested_at"].zone = account.client.zone  # type: ignore[attr-defined]
        return account

    def content(self) -> dict[str, Any]:
        return super().content() | {name: self.cleaned_data[name] for name in ("account", "title", "suggested_at")}


def undoable(at: datetime) -> datetime:
    """What was to go out at once waits as long as it can be undone. What is long past stays that, to be refused."""
    now = timezone.now()
    return max(at, now + UNDO) if at > now - MEANS_NOW else at


def rows_of(draft: Draft) -> list[Row]:
    pictures = enumerate(draft.pictures.select_related("image"), 1)
    return [Row(picture.image, picture.alt, number) for number, picture in pictures]


def posted_rows(data: QueryDict, person: User) -> list[Row]:
    names = data.getlist("picture")
    known = Image.objects.usable_by(person).in_bulk([name for name in names if SHA256.fullmatch(name)])
    alts, positions = data.getlist("alt"), data.getlist("position")
    typed = zip(names, alts, positions, strict=False)
    return [
        Row(known[name], alt, placed(place, number), str(number) in data.getlist("remove"))
        for number, (name, alt, place) in enumerate(typed, 1)
        if name in known
    ]


def placed(typed: str, otherwise: int) -> int:
    place = row_number(typed)
    return otherwise if place is None else place
