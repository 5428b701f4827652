"""How tests and scripts set the stand-in up and read the truth, over HTTP and in JSON, as with the sandbox."""

from datetime import datetime, timedelta
from typing import Any

from tests.standin.asking import Call
from tests.standin.faults import Faults
from tests.standin.shapes import status
from tests.standin.tempers import DEFAULTS
from tests.standin.world import FOREIGN, Account, Container, Photo, Post, Token, World

VERBS = {"accounts", "faults", "foreign", "knobs", "remove", "requests", "truth"}
RIGHTS = ("scopes", "kind", "app_id", "expires_at", "broken")


class Control:
    def __init__(self, world: World, faults: Faults):
        self.world, self.arms = world, faults

    def answer(self, call: Call) -> dict[str, Any]:
        """ValueError for what is wrong with a request."""
        name = call.path.removeprefix("_")
        if name not in VERBS:
            raise ValueError(f"There are: {', '.join(sorted(VERBS))}.")
        with self.world.lock:
            found: dict[str, Any] = getattr(self, name)(call, call.json())
            return found

    def faults(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        if call.method == "DELETE":
            self.arms.all.clear()
        if call.method == "POST":
            self.arms.arm(**body)
        return {"faults": [fault.as_json() for fault in self.arms.all]}

    def knobs(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        if call.method == "DELETE":
            self.world.knobs.clear()
            self.world.spent.clear()
        if call.method == "POST":
            self.world.turn(str(body.pop("account", "")), body)
        return {"defaults": DEFAULTS, "turned": {name or "all": each for name, each in self.world.knobs.items()}}

    def requests(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        if call.method == "DELETE":
            self.world.requests.clear()
        wanted = {name: value for name, value in call.query.items() if name in {"method", "path", "account"}}
        rows = [row for row in self.world.requests if wanted.items() <= row.items()]
        return {"requests": rows}

    def accounts(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        if call.method == "POST":
            return self.account_as_json(self.open(body))
        return {"accounts": [self.account_as_json(account) for account in self.world.accounts.values()]}

    def open(self, body: dict[str, Any]) -> Account:
        if body.get("platform") not in {"facebook", "instagram"} or not body.get("id"):
            raise ValueError("An account needs an id and a platform: facebook or instagram.")
        account_id, page = str(body["id"]), body.get("page")
        name = str(body.get("name") or account_id)
        account = Account(body["platform"], account_id, name, str(body.get("username") or ""), page and str(page))
        self.world.accounts[account_id] = account
        self.grant(account, body)
        return account

    def grant(self, account: Account, body: dict[str, Any]) -> None:
        value = str(body.get("token") or f"EAAstandin{account.id}")
        token = self.world.tokens.setdefault(value, Token(value))
        for right in RIGHTS:
            if right in body:
                ends = right == "expires_at" and body[right]
                setattr(token, right, datetime.fromisoformat(body[right]) if ends else body[right])
        if account.id not in token.accounts:
            token.accounts.append(account.id)

    def account_as_json(self, account: Account) -> dict[str, Any]:
        held = [each for each in self.world.tokens.values() if account.id in each.accounts]
        tokens = [
            {"token": each.value, "kind": each.kind, "app_id": each.app_id, "scopes": each.scopes} for each in held
        ]
        return {**vars(account), "wall": "", "tokens": tokens, "temper": self.world.temper(account.id)}

    def foreign(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        """Somebody else, or the client by phone, posts: account, text, images, offset_seconds (negative: earlier)."""
        account = self.world.accounts.get(str(body.get("account")))
        if account is None:
            raise ValueError("There is no such account.")
        at = self.world.now() + timedelta(seconds=float(body.get("offset_seconds") or 0))
        facebook = account.platform == "facebook"
        node = f"{account.id}_{self.world.number('')}" if facebook else self.world.number("179")
        post = Post(account.id, node, str(body.get("text") or ""), str(body.get("by_app") or FOREIGN), at, foreign=True)
        post.pictures = int(body.get("images") or 0)
        post.publish(at)
        self.world.posts.append(post)
        return {"id": post.id}

    def remove(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        """A person removes a post, or a photo that no post shows, by hand. Twice is fine."""
        name = str(body.get("id"))
        for post in self.world.posts:
            if post.id == name:
                there, post.deleted_at = self.world.exists(post), post.deleted_at or self.world.now()
                return {"removed": there}
        for photo in self.world.photos:
            if photo.id == name:
                there, photo.deleted = self.world.photo_exists(photo), True
                return {"removed": there}
        raise ValueError(f"There is no post or photo {name}.")

    def truth(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "posts": [self.post_as_json(post) for post in self.world.posts],
            "photos": [self.photo_as_json(photo) for photo in self.world.photos],
            "containers": [self.container_as_json(each) for each in self.world.containers.values()],
        }

    def photo_as_json(self, photo: Photo) -> dict[str, Any]:
        facts = {"account": photo.account, "id": photo.id, "made_at": photo.made_at.isoformat()}
        gone = not self.world.photo_exists(photo)
        return {**facts, "used": photo.post is not None, "deleted": gone, "answered": photo.answered}

    def container_as_json(self, of: Container) -> dict[str, Any]:
        facts = {"account": of.account, "id": of.id, "kind": of.kind, "text": of.caption}
        return {**facts, "published": of.published_at is not None, "status": status(self.world, of)}

    def post_as_json(self, post: Post) -> dict[str, Any]:
        return {
            "account": post.account,
            "id": post.id,
            "text": post.text,
            "images": post.images,
            "public": self.world.is_public(post),
            "deleted": not self.world.exists(post),
            "foreign": post.foreign,
            "by_app": post.app_id,
            "published_at": post.published_at.isoformat() if post.published_at else None,
            "times_published": post.times_published,
            "returned": post.returned,
            "permalink": f"http://standin.example/{post.id}",
        }
