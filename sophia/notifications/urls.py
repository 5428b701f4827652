from django.urls import path

app_name = "notices"
urlpatterns: list = [path("subscriptions/<int:pk>/", lambda request, pk: None, name="subscription")]
