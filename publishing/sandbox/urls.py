from django.urls import path, re_path

from publishing.sandbox import control, graph, wall

app_name = "sandbox"
urlpatterns = [
    path("sandbox/_accounts", control.accounts, name="accounts"),
    path("sandbox/_faults", control.faults, name="faults"),
    path("sandbox/_knobs", control.knobs, name="knobs"),
    path("sandbox/_requests", control.requests, name="requests"),
    re_path(r"^sandbox/(?P<version>v\d+\.\d+)/(?P<path>.+)$", graph.graph, name="graph"),
    re_path(r"^sandbox/(?P<path>[^_].*)$", graph.graph, name="unversioned"),
    path("wall/", wall.index, name="index"),
    re_path(r"^wall/image/(?P<sha256>[0-9a-f]{64})$", wall.image, name="image"),
    re_path(r"^wall/(?P<platform>[a-z]+)/(?P<external_id>[^/\x00]+)/$", wall.wall, name="wall"),
    re_path(r"^wall/(?P<platform>[a-z]+)/(?P<external_id>[^/\x00]+)/remove/$", wall.remove, name="remove"),
]
