import os

from django.core.asgi import get_asgi_application

from sophia.starting import require_fitness

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sophia.settings")
application = get_asgi_application()
require_fitness()
