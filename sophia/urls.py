from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path, re_path

from sophia import live, views
from sophia.api import door, stream
from sophia.calendar import calendar
from sophia.health import views as health
from sophia.search import views as search
from sophia.search.exporting import export as search_export

handler403 = "sophia.views.forbidden"
handler404 = "sophia.views.missing"
handler500 = "sophia.api.door.broken"

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon),
    path("login/", auth.LoginView.as_view(template_name="login.html"), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
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
    path("admin/", admin.site.urls),
]
if settings.SOPHIA_SANDBOX:
    urlpatterns.append(path("", include("publishing.sandbox.urls")))
