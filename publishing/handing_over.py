"""What a person posted by hand, or saw: read back where the platform allows it, so that both answers are safe."""

import io
import zipfile
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User

from publishing.models import Publication, SocialAccount
from publishing.models.naming import LOOK_BACK
from publishing.models.states import KnownBy, State
from publishing.platforms.base import Fate, Finding, PlatformError, Seen
from sophia import people
from sophia.refusals import Refused, WrongState

HOSTS = {"facebook": ("facebook.com", "fb.com", "fb.watch"), "instagram": ("instagram.com",)}
NOTES = {
    "facebook": (
        "Paste the text, where there is one, then add the images in the order of their numbers. Photos need no text.",
        "Alt text: choose Edit on the image, then Alternative text.",
    ),
    "instagram": (
        "Choose the images in the order of their numbers, as one post.",
        "Links in the text cannot be tapped on Instagram.",
        "Alt text: Advanced settings, Write alt text, before sharing.",
    ),
}


@dataclass(frozen=True)
class Look:
    """What the platform shows of it. `said`: a sentence for the person who asked."""

    seen: Seen | None
    same: bool
    said: str


def require_link_of(account: SocialAccount, link: str) -> None:
    """Refused unless the link leads to the account's platform, or to the one that SOPHIA_GRAPH_URL names."""
    host = (urlsplit(link).hostname or "").lower()
    known = HOSTS[account.platform]
    if host == urlsplit(settings.SOPHIA_GRAPH_URL).hostname:
        return
    if not any(host == each or host.endswith(f".{each}") for each in known):
        raise Refused(f"That is no link to {account.get_platform_display()}. Copy it from the post itself.")


def look(publication: Publication, link: str) -> Look:
    """Reads only. Whatever the platform answers, the person may still say what they saw."""
    account = publication.account
    try:
        with account.reaching(publication) as platform:
            seen = platform.recognise(link, publication.slot_at - LOOK_BACK)
    except PlatformError as problem:
        return Look(None, False, f"Sophia could not look: {problem}")
    if seen is None:
        return Look(None, False, f"Sophia does not see it on {account}.")
    same = seen.reads_like(publication.outline())
    return Look(seen, same, "Its text is what was approved." if same else "Its text differs from what was approved.")


def posted(publication: Publication, *, by: User, link: str, keep: bool = False) -> str:
    """“I posted it”, or “it is live”. TextDiffers when the text is another one and they do not `keep` it. Returns what
    Sophia saw."""
    people.require(by, people.OPERATE, of=publication.client_id)
    if publication.state not in {State.HANDOFF, State.UNCONFIRMED}:
        raise WrongState(publication.refusal("confirm_by_hand"))
    if not link:
        if publication.state == State.HANDOFF:
            raise Refused("Paste the link of the post: Sophia looks at it there, and can take it down later.")
        take_as_live(publication, by, searched(publication))
        return ""
    require_link_of(publication.account, link)
    found_there = look(publication, link)
    if found_there.seen and not found_there.same and not keep:
        raise TextDiffers(found_there.seen.message)
    seen, said = found_there.seen, found_there.said
    publication.confirm_by_hand(by=by, link=link, receipt=seen.receipt if seen else None, note=said, seen=seen)
    return found_there.said


class TextDiffers(Refused):
    """The post is there and reads otherwise. `message` is what the public sees."""

    def __init__(self, message: str):
        super().__init__("The post is there, but its text is not what was approved. Correct it there, or keep it.")
        self.message = message


def take_as_live(publication: Publication, by: User, found: Finding, note: str = "") -> None:
    """Which post it is, only proof tells. What merely reads alike is offered to a person."""
    receipt = found.receipt if found.fate == Fate.LIVE else None
    publication.candidates.keep(publication.pk, found.candidates)
    publication.confirm_by_hand(by=by, receipt=receipt, note=note, how=KnownBy.REFERENCE)


def denied(publication: Publication, *, by: User, although: bool = False) -> bool:
    """“It is not live”. The platform is asked once more first: False when it shows it, and it is noted as live.
    MayBeLive when nobody can tell, unless the person wants it sent `although` it may be there twice then."""
    people.require(by, people.OPERATE, of=publication.client_id)
    if publication.state != State.UNCONFIRMED:
        raise WrongState(publication.refusal("deny_by_hand"))
    found, blind = looked(publication)
    if found.fate == Fate.LIVE:
        take_as_live(publication, by, found, note="Sophia looked again and found it.")
        return False
    publication.candidates.keep(publication.pk, found.candidates)
    doubt = blind or alike(publication) or cannot_tell(publication, found)
    if doubt and not although:
        raise MayBeLive(doubt)
    publication.deny_by_hand(by=by, note=f"Sent although it may be there twice: {doubt}" if doubt else "")
    return True


class MayBeLive(Refused):
    """Sending it again may make two of it."""


def looked(publication: Publication) -> tuple[Finding, str]:
    """With why the look failed: a look that failed is no look."""
    try:
        return publication.look(), ""
    except PlatformError as problem:
        return Finding(Fate.UNSURE), f"Sophia could not look: {problem}"


def alike(publication: Publication) -> str:
    offered = publication.offered()
    links = " ".join(str(each) for each in offered)
    return f"A post that reads the same was made since: {links} Look whether it is this one." if offered else ""


def cannot_tell(publication: Publication, found: Finding) -> str:
    """Why the look proves nothing. On the direct way a list at rest without a post alike is all there is."""
    if found.fate != Fate.UNSURE:
        return ""
    if not publication.is_at_rest:
        where = publication.account.get_platform_display()
        return f"It was sent moments ago, and {where} may show it late. Look again in a minute."
    if damage := publication.damage():
        return f"Sophia could not look: {damage}."
    if publication.proved_reference().get("way") == "two_step":
        return (
            f"Sophia cannot see on {publication.account} what became of it: it may be public, and hidden from Sophia."
        )
    return ""


def searched(publication: Publication) -> Finding:
    return looked(publication)[0]


def named(publication: Publication, *, by: User, link: str, keep: bool = False) -> str:
    """“It is this one”, of what is public already. TextDiffers as `posted` raises it. Returns what Sophia saw."""
    require_link_of(publication.account, link)
    found = look(publication, link)
    if found.seen is None:
        publication.keep_link(link, by=by)
        return found.said
    if not found.same and not keep:
        raise TextDiffers(found.seen.message)
    publication.identify(publication.candidates.pasted(publication.pk, found.seen), by=by)
    return found.said


def package(publication: Publication) -> bytes:
    """Everything to post it by hand, as a ZIP: text, images in order, alt texts. Refused when the seal does not fit."""
    content, out = publication.sealed_content(), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("text.txt", content.message)
        for number, picture in enumerate(publication.pictures.select_related("image"), 1):
            archive.writestr(f"{number}.{picture.image.extension}", picture.image.read())
            if picture.alt:
                archive.writestr(f"{number} alt text.txt", picture.alt)
    return out.getvalue()
