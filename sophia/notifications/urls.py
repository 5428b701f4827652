from django.urls import path

from sophia.notifications import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("read", views.read, name="read"),
]
