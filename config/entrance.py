"""The doors that lead in: those that Django has, and where ours differ."""

from django.conf import settings
from django.contrib.auth.views import PasswordResetView
from django.http import HttpResponse

from apps.portal.log_in import LinkForm


class ResetView(PasswordResetView):
    """Mails a link to the portal's own address, whatever host the request claims to have asked."""

    form_class = LinkForm

    def form_valid(self, form: LinkForm) -> HttpResponse:
        protocol, _, domain = settings.PORTAL_URL.partition("://")
        self.extra_email_context = {"protocol": protocol, "domain": domain}
        return super().form_valid(form)
