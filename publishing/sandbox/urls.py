from django.urls import path, re_path

from publishing.sandbox import control, graph, truth, wall

app_name = "sandbox"
urlpatterns = [
    path("sandbox/_accounts", control.accounts, name="accounts"),
    path("sandbox/_faults", control.faults, name="faults"),
    path("sandbox/_foreign", control.foreign, name="foreign"),
    path("sandbox/_knobs", control.knobs, name="knobs"),
    path("sandbox/_remove", control.remove, name="remove_by_hand"),
    path("sandbox/_requests", control.requests, name="requests"),
    path("sandbox/_truth", truth.truth, name="truth"),
    re_path(r"^sandbox/(?P<version>v\d+\.\d+)/(?P<path>.+)$", graph.graph, name="graph"),
    re_path(r"^sandbox/(?P<path>[^_].*)$", graph.graph, name="unversioned"),
    path("wall/", wall.index, name="index"),
    re_path(r"^wall/image/(?P<sha256>[0-9a-f]{64})$", wall.image, name="image"),
    re_path(r"^wall/(?P<platform>[a-z]+)/(?P<external_id>[^/\x00]+)/$", wall.wall, name="wall"),
    re_path(r"^wall/(?P<platform>[a-z]+)/(?P<external_id>[^/\x00]+)/remove/$", wall.remove, name="remove"),
]
