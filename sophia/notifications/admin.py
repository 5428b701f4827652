from django.contrib import admin

from sophia.admin import ReadOnlyAdmin
from sophia.notifications.models import Delivery, Notice, Subscription


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "sentence", "urgent")
    list_display_links = ("created_at",)
    list_filter = ("urgent", "kind", "created_at")
    search_fields = ("sentence", "kind")


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """To be read. They are changed on the page “Subscriptions”, by the same verbs."""

    list_display = ("name", "hint", "preset", "person", "broken_since", "off_since", "last_ok_at")
    exclude = ("url", "claim_token")
    search_fields = ("name", "hint")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("notice", "subscription", "state", "due_at", "sent_at", "tries", "problem")
    list_filter = ("state",)
    list_select_related = ("notice", "subscription")
