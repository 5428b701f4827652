from django.urls import path, re_path

from approval.clientlinks import public

app_name = "client"
urlpatterns = [
    path("<str:token>/", public.drafts, name="drafts"),
    path("<str:token>/<int:pk>/", public.draft, name="draft"),
    path("<str:token>/<int:pk>/approve", public.approve, name="approve"),
    path("<str:token>/<int:pk>/comment", public.comment, name="comment"),
    re_path(r"^(?P<token>[^/]+)/images/(?P<sha256>[0-9a-f]{64})$", public.image, name="image"),
]
