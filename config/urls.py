"""Which face answers at which address."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.entrance import LogInView, ResetView, choose_language
from config.health import favicon, healthz
from config.media import media

handler400, handler403, handler404, handler500 = (
    f"config.errors.{name}" for name in ("bad_request", "denied", "not_found", "broken")
)
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("language/", choose_language, name="choose_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("apps.api.urls")),
    path("workspace/", include("apps.workspace.urls")),
    path("mail/", include("config.webhooks")),
    path("login/", LogInView.as_view(), name="login"),
    path("password_reset/", ResetView.as_view(), name="password_reset"),
    path("", include("django.contrib.auth.urls")),
    path("", include("apps.portal.urls")),
]
if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:path>", media, name="media"))
