"""Settings of the test suite: quick hashes, no log lines, plain static files."""

from config.logs import logging_for
from config.settings.base import *  # noqa: F403

SECRET_KEY = "signs the tests and nothing else, long enough for every check that Django makes"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PORTAL_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
LOGGING = logging_for("none", "ERROR")
