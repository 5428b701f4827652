import os

from django.core.asgi import get_asgi_application

from approval.agents.mounted import Mounted
from sophia.alive import Answering
from sophia.starting import require_fitness

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sophia.settings")
application = Answering(Mounted(get_asgi_application()))
require_fitness()
