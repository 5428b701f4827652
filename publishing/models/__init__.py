from publishing.models.account import SocialAccount
from publishing.models.app_throttle import AppThrottle
from publishing.models.attempt import Attempt
from publishing.models.bringing import Upload, Use
from publishing.models.call import Call
from publishing.models.candidate import Candidate
from publishing.models.client import Client
from publishing.models.emergency import Emergency
from publishing.models.entry import Entry
from publishing.models.feed import Feed
from publishing.models.identification import Identification
from publishing.models.image import Image
from publishing.models.lookalike import Lookalike
from publishing.models.missing import Miss
from publishing.models.pause import Pause
from publishing.models.picture import PublicationPicture
from publishing.models.post import Picture, Post
from publishing.models.preflight import Preflight
from publishing.models.preparation import Preparation
from publishing.models.publication import Publication
from publishing.models.recovery import Recovery
from publishing.models.restoring import GapPost, Relook, RestorePoint
from publishing.models.sighting import Sighting
from publishing.models.step import Step
from publishing.models.witness import Witness

__all__ = [
    "AppThrottle",
    "Attempt",
    "Call",
    "Candidate",
    "Client",
    "Emergency",
    "Entry",
    "Feed",
    "GapPost",
    "Identification",
    "Image",
    "Lookalike",
    "Miss",
    "Pause",
    "Picture",
    "Post",
    "Preflight",
    "Preparation",
    "Publication",
    "PublicationPicture",
    "Recovery",
    "Relook",
    "RestorePoint",
    "Sighting",
    "SocialAccount",
    "Step",
    "Upload",
    "Use",
    "Witness",
]
