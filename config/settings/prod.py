"""Settings of production: encrypted, strict, and loud about what is missing."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import CONTENT_SECURITY_POLICY, TRUSTED_PROXIES, env

REQUIRED = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "PORTAL_URL", "DEFAULT_FROM_EMAIL")
missing = [name for name in REQUIRED if not env.str(name, default="")]
if not (env.str("EMAIL_URL", default="") or env.str("EMAIL_BACKEND", default="")):
    missing.append("EMAIL_URL (or EMAIL_BACKEND)")
if missing:
    raise ImproperlyConfigured(f"Production needs these environment variables: {', '.join(missing)}")

MAILBOX_DIR = None
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
