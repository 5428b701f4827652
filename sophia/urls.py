from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from sophia import live, views
from sophia.api import door, stream
from sophia.calendar import calendar
from sophia.health import views as health
from sophia.search import views as search
from sophia.search.exporting import export as search_export
from sophia.signin import views as signin

handler403 = "sophia.views.forbidden"
handler404 = "sophia.views.missing"
handler500 = "sophia.api.door.broken"

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon),
    path("login/", signin.SignIn.as_view(), name="login"),
    path("login/code/", signin.code, name="login_code"),
    path("logout/", signin.SignOut.as_view(), name="logout"),
    path("you/", include("sophia.signin.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("health/", health.health, name="health"),
    path("events/", live.events, name="events"),
    path("search/", search.search, name="search"),
    path("search/export.csv", search_export, name="search_export"),
    path("notices/", include("sophia.notifications.urls")),
    path("api/v1/notices/stream", stream.notices, name="api_stream"),
    re_path(r"^api/v1/(?P<rest>.*)$", door.api, name="api"),
    path("tokens/", include("sophia.tokens.urls")),
    path("calendar/", calendar, name="calendar"),
    path("calendar/", include("publishing.calendar.urls")),
    path("review/", include("approval.urls")),
    path("c/", include("approval.clientlinks.urls")),
    path("", include("publishing.urls")),
    # One way in and out for desk and admin.
    path("admin/login/", signin.SignIn.as_view()),
    path("admin/logout/", signin.SignOut.as_view()),
    path("admin/password_change/", RedirectView.as_view(pattern_name="you:password")),
    path("admin/", admin.site.urls),
]
if settings.SOPHIA_SANDBOX:
    urlpatterns.append(path("", include("publishing.sandbox.urls")))
