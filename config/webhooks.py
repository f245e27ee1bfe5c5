"""The addresses that a mail provider reports to: there only where ANYMAIL holds the secret that it must send."""

from anymail.urls import urlpatterns as providers
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern

app_name = "mail"
urlpatterns = [
    URLPattern(one.pattern, login_not_required(one.callback), one.default_args, one.name)
    for one in providers
    if settings.ANYMAIL.get("WEBHOOK_SECRET")
]
