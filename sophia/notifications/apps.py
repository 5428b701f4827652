from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "sophia.notifications"
    label = "notifications"
