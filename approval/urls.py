from django.urls import path

from approval import editing, replacing, views
from approval.batches import views as batches
from approval.clientlinks import views as links
from approval.exporting import export
from approval.together import together

app_name = "approval"
urlpatterns = [
    path("", views.review, name="review"),
    path("new", editing.new, name="new"),
    path("images", editing.upload, name="upload"),
    path("together", together, name="together"),
    path("replace/<int:pk>", replacing.replace, name="replace"),
    path("<int:pk>/", views.draft, name="draft"),
    path("<int:pk>/edit", editing.edit, name="edit"),
    path("<int:pk>/rework", editing.rework, name="rework"),
    path("<int:pk>/submit", views.submit, name="submit"),
    path("<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("<int:pk>/approve", views.approve, name="approve"),
    path("<int:pk>/reject", views.reject, name="reject"),
    path("<int:pk>/skip", views.skip, name="skip"),
    path("<int:pk>/reopen", views.reopen, name="reopen"),
    path("export.csv", export, name="export"),
    path("import/", batches.upload, name="import"),
    path("import/template.csv", batches.template, name="import_template"),
    path("import/<int:pk>/", batches.batch, name="batch"),
    path("import/<int:pk>/confirm", batches.confirm, name="confirm_import"),
    path("links/", links.links, name="links"),
    path("links/new", links.make, name="make_link"),
    path("links/<int:pk>/revoke", links.revoke, name="revoke_link"),
]
