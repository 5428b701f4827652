"""Instagram through ig-mcp: one image. Facts: platforms.md F2."""

import re
from dataclasses import replace

from publishing.platforms import errors
from publishing.platforms.answers import Answer, text_of
from publishing.platforms.base import Content, Journal, Kind, PlatformError, Reference, Scope
from publishing.platforms.instagram import Instagram, require_images
from publishing.platforms.through_mcp.launch import SERVERS
from publishing.platforms.through_mcp.pool import Said
from publishing.platforms.through_mcp.tools import ThroughMcp

WRAPPING = re.compile(r"(?:Instagram API error: |Failed to publish media: |Tool execution failed: )*")
NUMBERED = re.compile(r"\(#(-?\d{1,9})\)")
OPENINGS = (
    ("media id is not available", 9007, 2207027),
    ("only photo or video can be accepted", 9004, 2207052),
    ("error validating access token", 190, None),
    ("invalid oauth", 190, None),
    ("the submitted image with aspect ratio", 36003, 2207009),
    ("image aspect ratio", 36003, 2207009),
    ("input validation error", 100, None),
)
"""The numbers are lost on the way through this server, so it must be its words, against every habit: how they begin,
because further on they may quote the post."""
UNSURE_WITHOUT_SUBCODE = 4
"""4/2207051 was seen with the post public nevertheless (platforms.md B3), and looks like every other 4 here."""


class InstagramThroughMcp(ThroughMcp, Instagram):
    limits = replace(
        Instagram.limits, images=1, alt=0, ratios=((0.78, 0.82), (0.98, 1.02), (1.89, 1.93)), ratio=(0.8, 1.91)
    )
    tools = frozenset({"publish_media"})

    def environment(self) -> dict[str, str]:
        app_id, _, app_secret = self.account.app_token.partition("|")
        return {
            "INSTAGRAM_ACCESS_TOKEN": self.account.token,
            "INSTAGRAM_BUSINESS_ACCOUNT_ID": self.account.external_id,
            "INSTAGRAM_API_BASE_URL": self.base_url,
            "INSTAGRAM_API_VERSION": self.version,
            "FACEBOOK_APP_ID": app_id,
            "FACEBOOK_APP_SECRET": app_secret,
            "CACHE_ENABLED": "false",
            "LOG_LEVEL": "ERROR",
        }

    def prepare(self, content: Content, journal: Journal | None = None) -> Reference:
        require_images(content)
        return super().prepare(content, journal)

    def call_for(self, content: Content, addresses: list[str]) -> tuple[str, dict[str, str]]:
        return "publish_media", {"image_url": addresses[0], "caption": content.message}

    def answer_in(self, said: Said) -> Answer:
        """It wraps what Graph said: {"success", "data", "error", "metadata"}."""
        wrapped = super().answer_in(said)
        done = wrapped.get("object") if wrapped.get("success") is True else None
        return done if isinstance(done, dict) else wrapped

    def refused(self, said: Said, text: str, answer: Answer, irreversible: bool) -> PlatformError | None:
        told = text_of(answer.get("error"))
        if not said.is_error and not told:
            return None
        words = self.launch().harmless(told) or text
        code, subcode = numbers_in(words)
        if code == UNSURE_WITHOUT_SUBCODE:
            return self.limited(words, irreversible)
        if code is None:
            return errors.silence(SERVERS[self.name], f"failed: “{words}”", irreversible=irreversible)
        error = {"code": code, "error_subcode": subcode}
        refused = errors.refusal(self.title, error, irreversible=irreversible, quote=words)
        return self.not_ready(refused) if code == 9007 else refused

    def limited(self, words: str, irreversible: bool) -> PlatformError:
        """The words are the same for both. So nothing is posted for as long as suspected spam asks for; reading goes
        on, and Instagram itself says where its calls are used up."""
        said = f"Instagram limits the app's calls, or suspects spam: ig-mcp does not tell which. It says: “{words}”"
        told = PlatformError(Kind.WAIT, said, wait=errors.DAY, throttles=True, scope=Scope.POSTS)
        return errors.doubted(told) if irreversible else told

    def not_ready(self, refused: PlatformError) -> PlatformError:
        """The server does not wait for the image, and makes a new container for every try: that must end some time."""
        said = f"{refused} ig-mcp does not wait for it."
        return PlatformError(Kind.RETRY, said, code=refused.code, subcode=refused.subcode)


def numbers_in(words: str) -> tuple[int | None, int | None]:
    """Code and subcode, where the words tell. Anything else may have happened after the post was made."""
    bare = words[WRAPPING.match(words).end() :]  # type: ignore[union-attr]
    if found := NUMBERED.match(bare):
        return int(found[1]), None
    opening = bare.lower()
    return next(((code, subcode) for begins, code, subcode in OPENINGS if opening.startswith(begins)), (None, None))
