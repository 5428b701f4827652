from django.urls import include, path

urlpatterns = [path("", include("publishing.sandbox.urls"))]
