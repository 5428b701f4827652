from django.urls import path

from sophia.notifications import bell, views

app_name = "notices"
urlpatterns = [
    path("", bell.notices, name="notices"),
    path("read", bell.read, name="read"),
    path("subscriptions/", views.subscriptions, name="subscriptions"),
    path("subscriptions/new", views.new, name="new"),
    path("subscriptions/<int:pk>/", views.subscription, name="subscription"),
    path("subscriptions/<int:pk>/edit", views.edit, name="edit"),
    path("subscriptions/<int:pk>/test", views.test, name="test"),
    path("subscriptions/<int:pk>/off", views.switch_off, name="off"),
    path("subscriptions/<int:pk>/on", views.switch_on, name="on"),
]
