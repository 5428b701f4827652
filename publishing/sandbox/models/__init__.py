from publishing.sandbox.models.accounts import ALL_SCOPES, APP_ID, APP_SECRET, Account, Page, Profile, Token
from publishing.sandbox.models.containers import Container
from publishing.sandbox.models.faults import Fault
from publishing.sandbox.models.knobs import DEFAULTS, Knob, now
from publishing.sandbox.models.place import Place
from publishing.sandbox.models.posts import Picture, Post
from publishing.sandbox.models.requests import Request

__all__ = [
    "ALL_SCOPES",
    "APP_ID",
    "APP_SECRET",
    "DEFAULTS",
    "Account",
    "Container",
    "Fault",
    "Knob",
    "Page",
    "Picture",
    "Place",
    "Post",
    "Profile",
    "Request",
    "Token",
    "now",
]
