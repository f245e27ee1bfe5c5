"""Settings of the test suite: quick hashes, plain static files, mail kept in memory unless EMAIL_URL says where to."""

from config.settings.base import *  # noqa: F403
from config.settings.base import EMAIL_URL, STORAGES

SECRET_KEY = "signs the tests and nothing else, long enough for every check that Django makes"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PORTAL_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if not EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # the journeys get their files from where they are written
