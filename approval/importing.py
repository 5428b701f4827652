"""Drafts from JSON lines. Each line stands for itself: a good one is kept whatever its neighbours are."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import DataError, IntegrityError, transaction

from approval.models import Draft, tidy
from approval.versions import Pictures
from publishing import images
from publishing.models import Image, SocialAccount
from publishing.models.post import digest_of
from sophia import moments
from sophia.command import in_words
from sophia.doors import Via
from sophia.nesting import deeper_than
from sophia.refusals import Refused

BOM = b"\xef\xbb\xbf"
TEXTS = ("ref", "account", "text", "link", "suggested_at", "title", "source")
LISTS = ("images", "alt")
UNFIT = (DataError, OverflowError, ValueError, MemoryError, OSError)
"""What neither the database nor the disk takes. It is the line that is wrong, and the next one may be good."""
web_address = URLValidator(schemes=["http", "https"], message="Write a whole address with http:// or https://.")


@dataclass(frozen=True)
class Kept:
    line: int
    draft: Draft
    result: str
    """created or unchanged"""


@dataclass(frozen=True)
class Bad:
    line: int
    error: str


@dataclass(frozen=True)
class Importer:
    folder: Path
    """Where image paths start from."""
    by: User | None
    submit: bool

    def run(self, lines: Iterable[bytes]) -> Iterator[Kept | Bad]:
        for number, raw in enumerate(lines, 1):
            if raw := raw.removeprefix(BOM if number == 1 else b"").strip():
                yield self.one(number, raw)

    def one(self, number: int, raw: bytes) -> Kept | Bad:
        try:
            draft, result = self.keep(wished(raw))
        except Refused as refused:
            return Bad(number, str(refused))
        except ValidationError as wrong:
            return Bad(number, in_words(wrong))
        except IntegrityError:
            return Bad(number, "Another import brought this ref at the same moment. Import it again.")
        except UNFIT as wrong:
            return Bad(number, f"Sophia cannot keep this line: {wrong or type(wrong).__name__}.")
        return Kept(number, draft, result)

    def keep(self, wish: dict[str, Any]) -> tuple[Draft, str]:
        account = SocialAccount.objects.named(needed(wish, "account"))
        content: dict[str, Any] = {"text": wish.get("text", ""), "link": checked_link(wish.get("link", ""))}
        details = detailed(wish, account)
        unsaved = Draft(account=account, author=self.by, **content, **details)
        unsaved.clean_fields(exclude=["account", "author", "state"])
        content["pictures"] = self.pictures(wish)
        with transaction.atomic():
            draft, known = known_by(details["ref"]), True
            if draft:
                require_same(draft, account, **content)
            else:
                draft, known = self.write(account, **content, **details), False
            self.submit_if_asked(draft)
        return draft, "unchanged" if known else "created"

    def write(self, account: SocialAccount, **what: Any) -> Draft:
        return Draft.objects.write(by=self.by, account=account, via=Via.CLI, **what)

    def submit_if_asked(self, draft: Draft) -> None:
        """One that was judged already stays as it was judged."""
        if self.submit and draft.state == Draft.State.DRAFT:
            draft.submit(by=self.by, via=Via.CLI)

    def pictures(self, wish: dict[str, Any]) -> Pictures:
        paths, alts = wish.get("images", []), wish.get("alt", [])
        if len(alts) > len(paths):
            raise Refused(f"There are {len(alts)} alt texts for {len(paths)} images.")
        alts = [*alts, *[""] * (len(paths) - len(alts))]
        return [(self.image(path), alt) for path, alt in zip(paths, alts, strict=True)]

    def image(self, path: str) -> Image:
        file = self.folder / path
        try:
            if not file.is_file():
                raise Refused(f"There is no image {path} in {self.folder.resolve()}.")
            with file.open("rb") as opened:
                return images.store(opened.read(images.MAX_UPLOAD + 1), file.name)
        except OSError as wrong:
            raise Refused(f"{path} cannot be read: {wrong.strerror}.") from wrong


DEPTH = 10
"""Levels of nesting. A line has two: an object with lists of texts."""


def wished(raw: bytes) -> dict[str, Any]:
    """One line as an object whose values have the right kinds. What is null counts as left out."""
    if deeper_than(DEPTH, raw):
        raise Refused("This line is nested too deeply.")
    try:
        wish = json.loads(raw.decode())
    except UnicodeDecodeError:
        raise Refused("This line is not UTF-8. Save the file as UTF-8.") from None
    except ValueError as wrong:
        raise Refused(f"This line is not JSON: {wrong}.") from None
    if not isinstance(wish, dict):
        raise Refused(f'A line is one JSON object, such as {{"account": …}}, not {kind(wish)}.')
    wish = {name: value for name, value in wish.items() if value is not None}
    for name in TEXTS:
        require_text(f"“{name}”", wish.get(name, ""))
    for name in LISTS:
        require_texts(name, wish.get(name, []))
    return wish


def require_texts(name: str, value: Any) -> None:
    if not isinstance(value, list):
        raise Refused(f"“{name}” must be a list of texts, not {kind(value)}.")
    for number, each in enumerate(value, 1):
        require_text(f"“{name}” {number}", each)


def require_text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise Refused(f"{name} must be a text, not {kind(value)}.")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused(f"{name} holds a character that is not text. Take it out.")


def kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")


def needed(wish: dict[str, Any], name: str) -> str:
    if not wish.get(name):
        raise Refused(f"“{name}” is missing. Name the account as platform:id, such as facebook:1001.")
    return str(wish[name])


def checked_link(link: str) -> str:
    link = link.strip()
    if link:
        try:
            web_address(link)
        except ValidationError as wrong:
            raise Refused(f"“{link}” is not a link. {wrong.messages[0]}") from wrong
    return link


def detailed(wish: dict[str, Any], account: SocialAccount) -> dict[str, Any]:
    text = wish.get("suggested_at", "")
    return {
        "ref": wish.get("ref", "").strip() or None,
        "title": wish.get("title", "").strip(),
        "source": wish.get("source", "").strip(),
        "suggested_at": moments.parse(text, account.client.zone) if text else None,
    }


def known_by(ref: str | None) -> Draft | None:
    return Draft.objects.select_related("account__client").filter(ref=ref).first() if ref else None


def require_same(draft: Draft, account: SocialAccount, text: str, link: str, pictures: Pictures) -> None:
    """As it was when it was imported: what people did to the draft since does not matter."""
    manifest = {
        "account": account.label,
        "text": tidy(text),
        "link": link,
        "images": [{"sha256": image.sha256, "alt": tidy(alt)} for image, alt in pictures],
    }
    written = draft.decisions.order_by("pk").first()
    if written is None or written.digest != digest_of(manifest):
        raise Refused(
            f"Draft {draft.pk} already has the ref “{draft.ref}”, with other content. "
            f"Edit that draft, or give this one a ref of its own."
        )
