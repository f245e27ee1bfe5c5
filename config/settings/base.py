"""Settings of every place Tradewell runs in. The environment is read here and nowhere else."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from config.logs import logging_for
from config.reactions import REACTIONS  # noqa: F401  read by apps.core.events as settings.REACTIONS
from config.schedule import SCHEDULE

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent

# --- What the environment says ---------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
PORTAL_URL = env.str("PORTAL_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PORTAL_URL])
DATABASE_URL = env.str("DATABASE_URL", default="postgresql:///tradewell")
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=0)
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
BROKER_URL = env.str("BROKER_URL", default=REDIS_URL)
EMAIL_URL = env.str("EMAIL_URL", default="")
# Where the distributor is established: what is taxed as at home.
HOME_COUNTRY = env.str("HOME_COUNTRY", default="GB")
# What sums over accounts are stated in; amounts in another currency are brought to it by the rates kept in the admin.
HOME_CURRENCY = env.str("HOME_CURRENCY", default="GBP")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tradewell <portal@tradewell.example>")
# Where answers to our mails go: a mailbox that takes in all of name+anything@domain, and hands it to `take_mail` or to
# a provider's webhook. Empty: our mails name no such address, and answers go to the sender.
REPLY_TO = env.str("REPLY_TO", default="")
# Where customers write without being asked: each mail to it becomes a case. It is handed over like answers are.
SERVICE_ADDRESS = env.str("SERVICE_ADDRESS", default="")
# What may be sent along with a case: a file, and all files of one mail.
CASE_FILE_MOST_BYTES = env.int("CASE_FILE_MOST_MB", default=10) * 1024 * 1024
MAIL_MOST_BYTES = env.int("MAIL_MOST_MB", default=30) * 1024 * 1024
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
# The search index of this machine: derived from the database, made anew where it is missing.
SEARCH_ROOT = env.str("SEARCH_ROOT", default=str(BASE_DIR / "var" / "search"))
# Files for operations only, such as the catalogues of suppliers: never served.
PRIVATE_ROOT = env.str("PRIVATE_ROOT", default=str(Path(MEDIA_ROOT).parent / "private"))
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=False)
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
MAILBOX_DIR = env.str("MAILBOX_DIR", default="") or None
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
ANYMAIL = env.json("ANYMAIL", default={})

# --- The house -------------------------------------------------------------------------------------------------------

DOMAINS = [
    "apps.core",
    "apps.accounts",
    "apps.catalogue",
    "apps.availability",
    "apps.pricing",
    "apps.delivery",
    "apps.ordering",
    "apps.fulfilment",
    "apps.invoicing",
    "apps.cases",
    "apps.feedback",
    "apps.recommendations",
    "apps.insights",
    "apps.privacy",
]
FACES = ["apps.portal", "apps.workspace", "apps.api", "apps.integrations"]
INSTALLED_APPS = [
    "config.apps.HouseConfig",
    *FACES,
    *DOMAINS,
    "apps.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.apps.StaticFiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "lucide",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "axes",
    "anymail",
    "django_structlog",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.LogInMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.PlainTextMiddleware",
    "config.middleware.ActorMiddleware",
    "config.middleware.RefusalMiddleware",
    "config.middleware.OnlyLookingMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "apps.portal.shell.shell",
            ],
        },
    },
]

# --- Data ------------------------------------------------------------------------------------------------------------


def database(url: str, pool_size: int) -> dict:
    """Django's description of the PostgreSQL that libpq's connection string `url` names.

    Every libpq option may stand in it (`sslmode`, several hosts, a socket folder). A web process keeps a pool; a worker
    or a command keeps one connection.
    """
    said = conninfo_to_dict(url)
    options = {
        name: value for name, value in said.items() if name not in ("dbname", "user", "password", "host", "port")
    }
    options.setdefault("connect_timeout", 5)
    if pool_size:
        # No page takes this long on purpose; what does would take the pool with it.
        options.setdefault("options", "-c statement_timeout=15s -c lock_timeout=5s")
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 3, "max_lifetime": 1800}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": said.get("dbname", "tradewell"),
        "USER": said.get("user", ""),
        "PASSWORD": said.get("password", ""),
        "HOST": said.get("host", ""),
        "PORT": said.get("port", ""),
        "CONN_MAX_AGE": 0 if pool_size else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": database(DATABASE_URL, DATABASE_POOL_SIZE)}
# Log-in, sessions and limits live in PostgreSQL, so that the portal sells while Redis is down.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Limits must not be forgotten because many are counted at once.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    # Documents of products: at /documents/ for whoever may see one of their products, by `portal:document`.
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": "/"},
    },
    "staticfiles": {"BACKEND": "config.static.HashedFiles"},
}
STATIC_URL = "static/"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"

# --- Who is there ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4

# Guessing is stopped for one user from one network: nobody can lock out a whole company, or somebody else.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"  # of every log-in form; the model's own field is `email`
AXES_USERNAME_CALLABLE = "config.lockout.name_tried"
AXES_LOCKOUT_CALLABLE = "config.lockout.locked_out"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "apps.core.network.network_of"
AXES_ENABLE_ACCESS_FAILURE_LOG = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Languages and time ----------------------------------------------------------------------------------------------

USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("th", _("Thai")),
    ("ko", _("Korean")),
    ("vi", _("Vietnamese")),
    ("fa", _("Persian")),
]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- Machines that talk to us ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.refusals.problem",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/min"},
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tradewell API",
    "DESCRIPTION": "Products, prices, availability, orders, deliveries and surveys of one account.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_AUTHENTICATION": [],
    "ENUM_NAME_OVERRIDES": {
        "ProductKind": "apps.api.products.KINDS",
        "InvoiceKind": "apps.api.invoices.KINDS",
        "TrackingKind": "apps.api.shipments.KINDS",
        "OrderStatus": "apps.api.orders.STATUSES",
        "ShipmentStatus": "apps.api.shipments.STATUSES",
        "QuoteStatus": "apps.api.quotes.STATUSES",
        "CodeProblem": "apps.api.codes.PROBLEMS",
        "LineProblem": "apps.api.quick_order.LINE_PROBLEMS",
        "ReturnReason": "apps.api.returns.REASON_CODES",
        "SuggestionReason": "apps.api.next_order.REASONS",
        "SuggestionKind": "apps.api.suggestions.KINDS",
        "DismissalKind": "apps.api.next_order.KINDS",
        "CaseCause": "apps.api.cases.CAUSES",
        "ConversationDesk": "apps.api.conversations.DESKS",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "apps.api.schema.with_problems"],
}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False, "TOKEN_PREFIX": "tw_"}

# --- Background work -------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = BROKER_URL
# A second is enough for a healthy broker; a dead or a hung one must never hold up a request.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0}
if BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "visibility_timeout": 900,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"confirm_publish": True}
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Mail and logs ---------------------------------------------------------------------------------------------------

if MAILBOX_DIR:
    EMAIL_BACKEND = "apps.core.mailbox.MailboxBackend"
elif EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
EMAIL_TIMEOUT = 10
SERVER_EMAIL = DEFAULT_FROM_EMAIL

DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOGGING = logging_for(LOG_FORMAT, LOG_LEVEL)
LOGGING_CONFIG = "logging.config.dictConfig"
