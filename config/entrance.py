"""The doors that lead in: those that Django has, and where ours differ."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, PasswordResetView
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from apps.accounts.services import speak
from apps.accounts.services.coming_in import note_first_log_in
from apps.portal.log_in import LinkForm


class LogInView(LoginView):
    """Speaks the language of who comes in, where this browser has not been told another."""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer, language = super().form_valid(form), form.get_user().language
        note_first_log_in(form.get_user(), now=timezone.now())
        if language != settings.LANGUAGE_CODE and settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax"
            )
        return answer


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Back to the page, in another language; kept by the browser, and for mail by who is logged in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES) and check_for_language(language):
        speak(request.user, language)
    return set_language(request)


class ResetView(PasswordResetView):
    """Mails a link to the portal's own address, whatever host the request claims to have asked."""

    form_class = LinkForm

    def form_valid(self, form: LinkForm) -> HttpResponse:
        protocol, _, domain = settings.PORTAL_URL.partition("://")
        self.extra_email_context = {"protocol": protocol, "domain": domain}
        return super().form_valid(form)
