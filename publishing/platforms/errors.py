"""What a refusal by the Graph API means. The table is platforms.md C4; it matches numbers, never text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from publishing.platforms.base import Kind, PlatformError, Scope, Throttle
from publishing.platforms.failures import DOUBT

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOMENT = timedelta(seconds=10)


@dataclass(frozen=True)
class Verdict:
    """`sentence` is for an operator; `{name}` becomes Facebook or Instagram."""

    kind: Kind
    sentence: str
    safe: Kind | None = None
    """The kind for a call that cannot have made anything public. None: the same."""
    wait: timedelta | None = None
    start_over: bool = False
    throttles: bool = True
    """For WAIT: it is about the account or the app, not about this one post."""
    repeats: bool = False
    """It says that the same is there already."""
    scope: Scope = Scope.CALLS
    """Then: what it wants nothing of."""

    def kind_for(self, irreversible: bool) -> Kind:
        return self.kind if irreversible else self.safe or self.kind


def doubt(sentence: str, safe: Kind = Kind.RETRY, **more: Any) -> Verdict:
    return Verdict(Kind.UNKNOWN, sentence, safe, **more)


def again(sentence: str, **more: Any) -> Verdict:
    return Verdict(Kind.RETRY, sentence, **more)


def wait(sentence: str, how_long: timedelta | None = None, **more: Any) -> Verdict:
    return Verdict(Kind.WAIT, sentence, wait=how_long, **more)


def auth(sentence: str) -> Verdict:
    return Verdict(Kind.AUTH, sentence)


def no(sentence: str) -> Verdict:
    return Verdict(Kind.REJECTED, sentence)


DOWN = "{name} has a fault of its own at the moment."
BUSY = "{name} says that this account makes too many calls."
CROWDED = "{name} says that the app makes too many calls."
PERMISSION = "{name} says that Sophia lacks a permission for this account. Reconnect it and grant every permission."
RECONNECT = "{name} no longer accepts the token of this account. Reconnect the account."
FORMAT = "{name} does not accept the format of this image."
PROCESSING = wait("{name} is still processing the image.", MOMENT, throttles=False)
ABUSE = "{name} judged the content abusive or against its rules."
ABUSED = "{name} blocked the account for a while, for what it calls abuse. Look at the account."

TABLE: dict[tuple[int | None, int | None], Verdict] = {
    (1, None): doubt("{name} had an unknown error; it may be down."),
    (1, 2207057): no("{name} says the thumbnail's time lies outside the video."),
    (2, None): doubt(DOWN),
    (3, None): auth("{name} says that the app lacks the capability for this. Check the app's products and review."),
    (4, None): wait(CROWDED, scope=Scope.APP),
    (4, 2207051): doubt("{name} suspects spam and restricted the action.", Kind.WAIT, wait=DAY, scope=Scope.POSTS),
    (9, None): wait("{name} says that this account made too many calls.", HOUR),
    (9, 2207042): wait("{name} says that the account's posts for these 24 hours are used up.", HOUR, scope=Scope.POSTS),
    (10, None): auth(PERMISSION),
    (17, None): wait(BUSY),
    (24, 2207006): again("{name} cannot find the prepared post, or the permission for it is missing."),
    (24, 2207008): again("{name} says that the prepared post does not exist or has expired."),
    (25, 2207050): auth("{name} has restricted this account. Sign in to the {name} app and clear the restriction."),
    (32, None): wait(BUSY),
    (80001, None): wait("{name} limits the calls for this Page; the limit is reached."),
    (80002, None): wait("{name} limits the calls for this account; the limit is reached."),
    (613, None): wait(BUSY),
    (341, None): wait("{name} says that the app reached its limit for such actions.", scope=Scope.POSTS),
    (100, None): no("{name} did not accept a value in the request."),
    (100, 33): no("{name} says that it does not exist there, or that this token may not see or change it."),
    (100, 2207023): no("{name} does not know this kind of media."),
    (100, 2207028): no("{name} takes carousels of 2 to 10 images."),
    (100, 2207035): no("{name} did not accept the product tags."),
    (100, 2207036): no("{name} did not accept the product tags."),
    (100, 2207037): no("{name} did not accept the product tags."),
    (100, 2207040): no("{name} did not accept the people tagged."),
    (102, None): auth("{name} ended the session behind this account's token. Reconnect the account."),
    (190, None): auth(RECONNECT),
    (190, 458): auth("The app was removed from the person who connected this account. Reconnect the account."),
    (190, 459): auth("{name} asks the person who connected this account to sign in and pass a check first."),
    (190, 460): auth("The person who connected this account changed the password. Reconnect the account."),
    (190, 463): auth("The token of this account has expired. Reconnect the account."),
    (190, 464): auth("The person who connected this account has not confirmed their own {name} account."),
    (190, 467): auth(RECONNECT),
    (190, 492): auth("The person who connected this Page no longer has a role on it. Reconnect it as someone who has."),
    (324, None): no("{name} found no image, or a damaged one."),
    (352, 2207026): no("{name} does not accept the format of this video."),
    (368, None): wait(ABUSED, DAY, scope=Scope.POSTS),
    (368, 1390008): wait("{name} says that the account posts too fast.", DAY, scope=Scope.POSTS),
    (368, 1404082): no("{name} says that the same content was posted repeatedly."),
    (368, 4854002): auth("{name} wants the identity of the people behind this Page confirmed."),
    (None, 1346003): no(ABUSE),
    (None, 1404102): no(ABUSE),
    (None, 1404078): auth("{name} demands the publishing authorization for this Page. Complete it there."),
    (None, 1404006): auth("{name} demands a security check. Sign in to the account and complete it."),
    (None, 1404112): auth("{name} demands a security check. Sign in to the account and complete it."),
    (506, None): doubt("{name} says that it already has a post with the same words.", Kind.REJECTED, repeats=True),
    (803, None): no("{name} says that it does not exist there."),
    (None, 1363047): doubt(DOWN),
    (None, 1609010): doubt(DOWN),
    (None, 1366046): no("{name} finds the image too big: use JPEG or PNG below 4 MB."),
    (None, 1366051): doubt("{name} says that an image of this post was already posted.", start_over=True, repeats=True),
    (None, 1609005): no("{name} could not read the page behind the link."),
    (None, 1609008): no("{name} does not accept links to facebook.com here."),
    (None, 2061006): no("{name} does not accept the address of the link."),
    (None, 1349125): no("{name} does not accept the format of this content."),
    (None, 2069019): no("{name} does not accept this file."),
    (2500, None): no("{name} did not understand the request."),
    (-1, None): doubt(DOWN),
    (-1, 2207001): doubt("{name} had a server error."),
    (-1, 2207032): doubt("{name} failed to prepare the post.", start_over=True),
    (-1, 2207053): doubt("{name} failed to take the image in.", start_over=True),
    (-1, 2207073): no("{name} does not let apps remove this kind of post."),
    (-1, 2207085): again("{name} failed to remove the post and gave no reason."),
    (-2, None): doubt(DOWN),
    (-2, 2207003): again("{name} took too long to fetch the image.", start_over=True),
    (-2, 2207020): again("{name} says that the prepared image has expired.", start_over=True),
    (9004, None): again(
        "{name} could not fetch the image from Sophia. Is SOPHIA_PUBLIC_URL reachable?", start_over=True
    ),
    (9007, None): PROCESSING,
    (36000, None): no("{name} finds the image too large: 8 MiB is the most."),
    (36001, None): no(FORMAT),
    (36003, None): no("{name} takes images between 4:5 and 1.91:1 only."),
    (36004, None): no("{name} finds the caption too long, or with too many hashtags or mentions."),
    (None, 2207052): again(
        "{name} could not fetch the image from Sophia. Is SOPHIA_PUBLIC_URL reachable?", start_over=True
    ),
    (None, 2207027): PROCESSING,
    (None, 2207004): no("{name} finds the image too large: 8 MiB is the most."),
    (None, 2207005): no(FORMAT),
    (None, 2207009): no("{name} takes images between 4:5 and 1.91:1 only."),
    (None, 2207010): no("{name} finds the caption too long, or with too many hashtags or mentions."),
    (None, 2207077): no("{name} could not download the video."),
    (None, 2207081): no("{name} does not offer trial reels to this account."),
    (None, 2207082): again("{name} failed to take the media in.", start_over=True),
}
UNLISTED = "{name} gave an error that Sophia does not know."
GLOBAL_SUBCODES = {subcode: row for (_, subcode), row in TABLE.items() if subcode and subcode > 1_000_000}
"""Long subcodes mean the same beside any code, and in the status of an Instagram container."""


def verdict(code: int, subcode: int | None, passing: bool = False) -> Verdict:
    """`passing`: the platform calls it transient, or answered 5xx. That counts for unlisted numbers only."""
    if (code, subcode) in TABLE:
        return TABLE[code, subcode]
    for long_number in filter(GLOBAL_SUBCODES.get, (subcode or 0, code)):
        return GLOBAL_SUBCODES[long_number]
    if 200 <= code <= 299:
        return auth(PERMISSION)
    return TABLE.get((code, None)) or doubt(UNLISTED, Kind.RETRY if passing else Kind.REJECTED)


def refusal(
    name: str,
    body: Mapping[str, Any],
    *,
    irreversible: bool,
    status: int | None = None,
    regain: timedelta | None = None,
    quote: str = "",
) -> PlatformError:
    """A parseable error of the Graph API. `regain`: what the usage headers say; `quote`: its words, without secrets."""
    code, subcode = number(body.get("code")) or 0, number(body.get("error_subcode"))
    row = verdict(code, subcode, passing=bool(body.get("is_transient")) or (status or 0) >= 500)
    kind, told = row.kind_for(irreversible), row.kind_for(irreversible=False)
    quoted = f" It says: “{quote}”" if quote and told is not Kind.AUTH else ""
    return PlatformError(
        kind,
        row.sentence.format(name=name) + quoted + in_doubt(kind),
        code=code,
        subcode=subcode,
        status=status,
        trace_id=str(body.get("fbtrace_id") or ""),
        wait=how_long(row, regain) if told is Kind.WAIT else None,
        start_over=row.start_over and kind is Kind.RETRY,
        throttles=row.throttles and told is Kind.WAIT,
        repeats=row.repeats and kind is not Kind.RETRY,
        made_nothing=row.kind is not Kind.UNKNOWN,
        scope=row.scope,
        holds=told is Kind.AUTH,
    )


def doubted(error: PlatformError, sentence: str = "") -> PlatformError:
    """The same, where something may be public nevertheless: what the platform said outlives the doubt."""
    return PlatformError(
        Kind.UNKNOWN,
        (sentence or str(error)) + DOUBT,
        code=error.code,
        subcode=error.subcode,
        status=error.status,
        trace_id=error.trace_id,
        wait=error.wait,
        throttles=error.throttles,
        scope=error.scope,
        holds=error.holds,
    )


def throttle_in(error: PlatformError) -> Throttle | None:
    return Throttle(error.wait or HOUR, settled(str(error)), error.scope) if error.throttles else None


def how_long(row: Verdict, regain: timedelta | None) -> timedelta:
    return max(row.wait or regain or HOUR, regain or row.wait or HOUR)


def in_doubt(kind: Kind) -> str:
    return DOUBT if kind is Kind.UNKNOWN else ""


def settled(sentence: str) -> str:
    """What the platform said, once the doubt about the post is over, or is no part of it."""
    return sentence.removesuffix(DOUBT)


def silence(name: str, what: str, *, irreversible: bool, status: int | None = None) -> PlatformError:
    """The request left, and no answer of the Graph API came back (platforms.md C3)."""
    kind = Kind.UNKNOWN if irreversible else Kind.RETRY
    return PlatformError(kind, f"{name} {what}." + in_doubt(kind), status=status)


def unprocessed(name: str, subcode: int | None) -> PlatformError:
    """A container in ERROR. Its status carries a subcode of the same table; nothing of it is public."""
    row = GLOBAL_SUBCODES.get(subcode) if subcode else None
    row = row or again("{name} failed to process the post and gave no reason that Sophia knows.")
    kind = row.kind_for(irreversible=False)
    delay = how_long(row, None) if kind is Kind.WAIT else None
    sentence = row.sentence.format(name=name)
    # The container is dead whatever the reason, so only a new one can be published.
    start_over, throttles = kind in {Kind.RETRY, Kind.WAIT}, row.throttles and kind is Kind.WAIT
    return PlatformError(
        kind, sentence, subcode=subcode, wait=delay, start_over=start_over, throttles=throttles, scope=row.scope
    )


def is_absence(error: PlatformError) -> bool:
    """The object is missing or invisible. On DELETE that proves nothing: read afterwards (platforms.md A7)."""
    return error.code == 803 or (error.code, error.subcode) == (100, 33)


def number(value: Any) -> int | None:
    """None for what no column for codes could hold."""
    whole = integer(value)
    return whole if whole is not None and abs(whole) < 2**31 else None


def integer(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None
