from django.urls import path

from sophia.tokens import views

app_name = "tokens"
urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("new", views.make, name="make"),
    path("<int:pk>/revoke", views.revoke, name="revoke"),
]
