from sophia.notifications.models.delivery import Delivery
from sophia.notifications.models.notice import Notice, NoticeQuerySet
from sophia.notifications.models.reading import Reading
from sophia.notifications.models.subscription import Subscription

__all__ = ["Delivery", "Notice", "NoticeQuerySet", "Reading", "Subscription"]
