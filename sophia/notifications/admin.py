from django.contrib import admin

from sophia.admin import ReadOnlyAdmin
from sophia.notifications.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "sentence", "urgent")
    list_display_links = ("created_at",)
    list_filter = ("urgent", "kind", "created_at")
    search_fields = ("sentence", "kind")
