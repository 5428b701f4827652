"""What each platform accepts (platforms.md A8 and B1), as sentences for the person who can mend it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from publishing.platforms.base import Content, Limits
from publishing.platforms.invisible import is_blank

if TYPE_CHECKING:
    from publishing.models import Image, SocialAccount

FORMAT_NAMES = {"image/jpeg": "JPEG", "image/png": "PNG"}


def problems(account: "SocialAccount", content: Content, images: Sequence["Image"], alts: Sequence[str]) -> list[str]:
    platform = account.carrier
    return [
        *text_problems(platform, account.limits, content),
        *image_problems(platform, account.limits, images),
        *alt_problems(platform, account.limits, alts),
    ]


def text_problems(platform: str, limits: Limits, content: Content) -> Iterator[str]:
    message = content.message
    if is_blank(message) and not content.images and not content.link:
        yield "The post is empty: give it a text, a link or an image."
    if content.link and not content.images and not limits.link_card and not limits.needs_image:
        yield f"{platform} attaches no links. Write it into the text, and leave the link empty."
    if len(message) > limits.text:
        yield f"The text has {len(message):,} characters; {platform} takes {limits.text:,}."
    if limits.hashtags is not None and (count := hashtags(message)) > limits.hashtags:
        yield f"The text has {count} hashtags; {platform} takes {limits.hashtags}."
    if limits.mentions is not None and (count := mentions(message)) > limits.mentions:
        yield f"The text mentions {count} accounts; {platform} takes {limits.mentions}."


def hashtags(message: str) -> int:
    """As the strictest counter does: each sign is one, wherever it stands. static/sophia/counting.js counts alike."""
    return message.count("#") + message.count("＃")


def mentions(message: str) -> int:
    return message.count("@") + message.count("＠")


def image_problems(platform: str, limits: Limits, images: Sequence["Image"]) -> Iterator[str]:
    if limits.needs_image and not images:
        yield f"{platform} needs at least one image."
    if len(images) > limits.images:
        yield f"The post has {len(images)} images; {platform} takes {limits.images}."
    for number, image in enumerate(images, 1):
        yield from one_image_problems(f"Image {number}", platform, limits, image)


def one_image_problems(label: str, platform: str, limits: Limits, image: "Image") -> Iterator[str]:
    if image.mime not in limits.formats:
        allowed = " or ".join(sorted(FORMAT_NAMES[mime] for mime in limits.formats))
        yield f"{label} is a {FORMAT_NAMES[image.mime]}; {platform} takes {allowed}. Save it as that and add it again."
    if image.size > limits.image_bytes:
        yield f"{label} has {image.size / 2**20:.1f} MB; {platform} takes {limits.image_bytes / 2**20:g} MB."
    if limits.ratio and not limits.ratio[0] <= round(image.ratio, 3) <= limits.ratio[1]:
        yield (
            f"{label} is {image.width}×{image.height}, a width of {image.ratio:.2f} times its height; "
            f"{platform} takes {limits.ratio[0]:g} (4:5) to {limits.ratio[1]:g}. Crop it and add it again."
        )
    elif limits.ratios and not any(least <= image.ratio <= most for least, most in limits.ratios):
        yield (
            f"{label} is {image.width}×{image.height}; {platform} takes 4:5, square or 1.91:1 only. "
            "Crop it and add it again."
        )


def alt_problems(platform: str, limits: Limits, alts: Sequence[str]) -> Iterator[str]:
    for number, alt in enumerate(alts, 1):
        if alt and not limits.alt:
            yield f"Image {number} has an alt text; {platform} cannot send one. Take it out, or publish directly."
        elif len(alt) > limits.alt:
            yield f"The alt text of image {number} has {len(alt):,} characters; {platform} takes {limits.alt:,}."
