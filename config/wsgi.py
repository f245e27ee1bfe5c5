"""The web server's entry: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from config.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
# Only a web process serves several requests at once, so only it keeps a pool of connections.
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

application = get_wsgi_application()
settle()
