from publishing.models.account import SocialAccount
from publishing.models.attempt import Attempt
from publishing.models.call import Call
from publishing.models.client import Client
from publishing.models.emergency import Emergency
from publishing.models.feed import Feed
from publishing.models.image import Image
from publishing.models.lookalike import Lookalike
from publishing.models.pause import Pause
from publishing.models.picture import PublicationPicture
from publishing.models.post import Picture, Post
from publishing.models.preflight import Preflight
from publishing.models.publication import Publication
from publishing.models.recovery import Recovery
from publishing.models.restoring import GapPost, Relook, RestorePoint
from publishing.models.sighting import Sighting

__all__ = [
    "Attempt",
    "Call",
    "Client",
    "Emergency",
    "Feed",
    "GapPost",
    "Image",
    "Lookalike",
    "Pause",
    "Picture",
    "Post",
    "Preflight",
    "Publication",
    "PublicationPicture",
    "Recovery",
    "Relook",
    "RestorePoint",
    "Sighting",
    "SocialAccount",
]
