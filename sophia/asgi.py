import os

from django.core.asgi import get_asgi_application

from approval.agents.mounted import Mounted

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sophia.settings")
application = Mounted(get_asgi_application())
