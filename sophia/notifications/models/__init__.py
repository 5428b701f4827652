from sophia.notifications.models.delivery import Delivery
from sophia.notifications.models.notice import Notice
from sophia.notifications.models.subscription import Subscription

__all__ = ["Delivery", "Notice", "Subscription"]
