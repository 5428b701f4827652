from publishing.models.account import SocialAccount
from publishing.models.attempt import Attempt
from publishing.models.call import Call
from publishing.models.client import Client
from publishing.models.feed import Feed
from publishing.models.image import Image
from publishing.models.pause import Pause
from publishing.models.post import Picture, Post
from publishing.models.publication import Publication, PublicationPicture
from publishing.models.recovery import Recovery

__all__ = [
    "Attempt",
    "Call",
    "Client",
    "Feed",
    "Image",
    "Pause",
    "Picture",
    "Post",
    "Publication",
    "PublicationPicture",
    "Recovery",
    "SocialAccount",
]
