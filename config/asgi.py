"""For servers that speak ASGI only; `config.wsgi` is the quicker entry."""

import os

from django.core.asgi import get_asgi_application

from config.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

application = get_asgi_application()
settle()
