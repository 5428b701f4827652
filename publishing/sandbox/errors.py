"""The refusals of the Graph API, in its own envelope. Codes and texts: platforms.md A7, B and C."""

import secrets
from typing import Any

GUIDE = "https://developers.facebook.com/docs/graph-api"
STATUSES = {1: 500, 2: 503, 4: 403, 200: 403}
"""HTTP statuses that are not 400."""
TRANSIENT = {1, 2, 4, 17, 32, 613, 80001, 80002}


class GraphError(Exception):
    """An answer that is a refusal. `user` is what `error_user_title` and `error_user_msg` say."""

    def __init__(
        self,
        code: int,
        message: str,
        subcode: int | None = None,
        *,
        kind: str = "OAuthException",
        status: int | None = None,
        transient: bool | None = None,
        user: tuple[str, str] | None = None,
    ):
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.message = message
        self.kind = kind
        self.status = status or STATUSES.get(code, 400)
        self.transient = code in TRANSIENT if transient is None else transient
        self.user = user

    def as_json(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["is_transient"] = self.transient
        if self.user:
            error["error_user_title"], error["error_user_msg"] = self.user
        error["fbtrace_id"] = "A" + secrets.token_urlsafe(16)
        return {"error": error}

    @property
    def challenge(self) -> str:
        """For the header WWW-Authenticate."""
        word = "invalid_token" if self.code == 190 else "invalid_request"
        return f'OAuth "Facebook Platform" "{word}" "{self.message}"'.replace("\n", " ")


def missing(method: str, object_id: str) -> GraphError:
    """Gone, invisible or somebody else's: the answer is the same."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at "
        f"{GUIDE}",
        33,
        kind="GraphMethodException",
    )


def invalid(what: str, subcode: int | None = None) -> GraphError:
    return GraphError(100, f"(#100) {what}", subcode)


def no_field(name: str, kind: str) -> GraphError:
    return invalid(f"Tried accessing nonexisting field ({name}) on node type ({kind})")


def lacks(scope: str) -> GraphError:
    """Writing to a Page answers 200; everything else answers 10."""
    if scope == "pages_manage_posts":
        return page_denied()
    return GraphError(10, f"(#10) Application does not have permission for this action. It needs '{scope}'.")


def page_denied() -> GraphError:
    return GraphError(
        200,
        "(#200) Posting to a Page requires both pages_read_engagement and pages_manage_posts as an admin with "
        "sufficient administrative permission",
    )


TOKEN_TROUBLES = {
    458: "The user has not authorized the application.",
    459: "The session is on a checkpoint: the user must log in first.",
    460: "The session has been invalidated because the user changed the password.",
    463: "The session has expired.",
    464: "The user is not a confirmed user.",
    467: "The session was invalidated.",
    492: "The user no longer has a role on the Page.",
}


def bad_token(subcode: int | None = None, status: int = 400) -> GraphError:
    detail = TOKEN_TROUBLES.get(subcode or 0, "Cannot parse access token")
    return GraphError(190, f"Error validating access token: {detail}", subcode, status=status)


INSTAGRAM = {
    (4, 2207051): (
        "Application request limit reached",
        "Action Blocked",
        "We restrict certain activity to protect our community: this looks like spam",
    ),
    (-1, 2207073): ("Fatal", "Media Type Not Supported", "The media type is not supported for this endpoint"),
    (-1, 2207085): ("Fatal", "Fatal", "The media could not be deleted"),
    (-2, 2207003): ("Timeout", "Download Timed Out", "It took too long to download the media"),
    (9, 2207042): ("Application request limit reached", "Limit Reached", "The account reached its posts for today"),
    (24, 2207006): ("The requested resource does not exist", "Media Not Found", "The media cannot be found"),
    (24, 2207008): ("The requested resource does not exist", "Media Expired", "The container is missing or expired"),
    (9004, 2207052): (
        "Only photo or video can be accepted as media type.",
        "Media Download Failed",
        "The media could not be fetched from this address",
    ),
    (9007, 2207027): ("Media ID is not available", "Media Not Ready", "The media is not ready to be published"),
    (36000, 2207004): ("The image size is too large.", "Image Too Large", "The image is larger than 8 MiB"),
    (36001, 2207005): ("The image format is not supported.", "Unsupported Format", "The image must be a JPEG"),
    (36003, 2207009): (
        "The submitted image has an invalid aspect ratio.",
        "Invalid Aspect Ratio",
        "The ratio must be between 4:5 and 1.91:1",
    ),
    (36004, 2207010): (
        "The caption is too long.",
        "Caption Too Long",
        "A caption takes 2200 characters, 30 hashtags and 20 mentions",
    ),
    (100, 2207028): ("Invalid parameter", "Invalid Carousel", "A carousel takes 2 to 10 items"),
}


def instagram(code: int, subcode: int) -> GraphError:
    message, *user = INSTAGRAM[code, subcode]
    return GraphError(code, message, subcode, transient=False, user=(user[0], user[1]))
