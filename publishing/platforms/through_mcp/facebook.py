"""Facebook Pages through facebook-mcp-server: text, or one image. Facts: platforms.md F1."""

import re
from dataclasses import replace

from publishing.platforms import answers, errors
from publishing.platforms.answers import Answer
from publishing.platforms.base import Content, Kind, PlatformError
from publishing.platforms.facebook import Facebook
from publishing.platforms.through_mcp.launch import SERVERS
from publishing.platforms.through_mcp.pool import Said
from publishing.platforms.through_mcp.tools import ThroughMcp

NEVER_LEFT = re.compile(
    r"\(Caused by (?:ProxyError\('[\w .]+', )?(?:NewConnectionError|NameResolutionError|ConnectTimeoutError)\("
)
"""Nothing of ours can look like it: what was posted stands in that text with its brackets and blanks encoded. A
ProxyError alone is no proof: urllib3 before 2 names an answer so that was lost after everything was sent."""


class FacebookThroughMcp(ThroughMcp, Facebook):
    fetches_images = True
    limits = replace(Facebook.limits, images=1, alt=0, link_card=False)
    tools = frozenset({"post_to_facebook", "post_image_to_facebook"})

    def environment(self) -> dict[str, str]:
        return {"FACEBOOK_ACCESS_TOKEN": self.account.token, "FACEBOOK_PAGE_ID": self.account.external_id}

    def call_for(self, content: Content, addresses: list[str]) -> tuple[str, dict[str, str]]:
        if addresses:
            return "post_image_to_facebook", {"image_url": addresses[0], "caption": content.message}
        return "post_to_facebook", {"message": content.message}

    def post_in(self, tool: str, answer: Answer) -> str:
        """For an image, `id` is of the photo. The post that shows it has another one."""
        if tool == "post_to_facebook":
            return super().post_in(tool, answer)
        if post_id := answers.identifier(answer.get("post_id")):
            return post_id
        raise PlatformError(Kind.UNKNOWN, "Facebook took the image, and does not say which post shows it.")

    def _delete(self, post_id: str) -> PlatformError | None:
        """By Graph where the tool is missing, or does not do it: what the server cannot, the token may."""
        try:
            self.ask("delete", "delete_post", needs="success", post_id=post_id)
        except PlatformError as refused:
            if refused.kind is Kind.WAIT:
                raise
            return super()._delete(post_id)
        return None

    def refused(self, said: Said, text: str, answer: Answer, irreversible: bool) -> PlatformError | None:
        """Graph's refusals come as answers like any other. What the tool itself raised has no number."""
        if said.is_error and NEVER_LEFT.search(said.text):
            return PlatformError(Kind.RETRY, f"{SERVERS[self.name]} could not reach {self.title}.")
        if said.is_error:
            return errors.silence(SERVERS[self.name], f"failed: “{text}”", irreversible=irreversible)
        error = answers.error_in(answer)
        if error is None:
            return None
        return errors.refusal(self.title, error, irreversible=irreversible, quote=answers.quotation(error))
