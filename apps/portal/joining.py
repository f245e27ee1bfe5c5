"""Where the link of an invitation leads: with a log-in one joins by a button, without one by choosing a password."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts import services


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing; the button does."""
    contact = services.invited(token)
    owner = services.log_in_of(contact)
    form = None if owner else SetPasswordForm(get_user_model()(email=contact.email), request.POST or None)
    if request.method == "POST" and (owner or form.is_valid()):
        if owner and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        password = "" if owner else form.cleaned_data["new_password1"]
        user = request.user if request.user.is_authenticated else None
        services.join(token, user=user, password=password, now=timezone.now())
        return _inside(request, contact, owner)
    is_owner = owner is not None and request.user.is_authenticated and request.user.pk == owner.pk
    context = {"contact": contact, "account": contact.account, "form": form, "owner": owner, "is_owner": is_owner}
    context["log_in_url"] = redirect_to_login(request.path).url
    return render(request, "portal/company/join.html", context, status=422 if form and form.errors else 200)


def _inside(request: HttpRequest, contact, owner) -> HttpResponse:
    account = contact.account
    if owner:
        request.session["account_id"] = account.pk
        messages.success(request, _("You now order for %(account)s.") % {"account": account.name})
        return redirect("portal:home")
    messages.success(request, _("Your password is kept: log in with it."))
    return redirect("login")
