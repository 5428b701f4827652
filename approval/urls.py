from django.urls import path

from approval import editing, views
from approval.together import together

app_name = "approval"
urlpatterns = [
    path("", views.review, name="review"),
    path("new", editing.new, name="new"),
    path("images", editing.upload, name="upload"),
    path("together", together, name="together"),
    path("<int:pk>/", views.draft, name="draft"),
    path("<int:pk>/edit", editing.edit, name="edit"),
    path("<int:pk>/rework", editing.rework, name="rework"),
    path("<int:pk>/submit", views.submit, name="submit"),
    path("<int:pk>/approve", views.approve, name="approve"),
    path("<int:pk>/reject", views.reject, name="reject"),
    path("<int:pk>/skip", views.skip, name="skip"),
    path("<int:pk>/reopen", views.reopen, name="reopen"),
]
