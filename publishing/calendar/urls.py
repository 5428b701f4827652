from django.urls import path

from publishing.calendar import views

app_name = "calendar"
urlpatterns = [
    path("move/<int:pk>/", views.move, name="move"),
    path("move/<int:pk>/openings", views.openings, name="openings"),
    path("move/<int:pk>/slot", views.slot, name="slot"),
    path("feeds/<str:ticket>.ics", views.feed, name="feed"),
    path("clients/<int:pk>/feed", views.make_feed, name="make_feed"),
    path("feeds/<int:pk>/revoke", views.revoke_feed, name="revoke_feed"),
]
