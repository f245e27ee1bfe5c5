"""How the portal shows a large customer as theirs: logo, accent colour, the name it greets them by."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.accounts import Account


class Branding(models.Model):
    """Holds for the account, and for its subsidiaries without one of their own. `accent` is as it was chosen; what is
    shown is reckoned from it, so that it can be read (`accents.accent_of`)."""

    account = models.OneToOneField(
        Account, models.CASCADE, related_name="branding", primary_key=True, verbose_name=_("account")
    )
    logo = models.FileField(_("logo"), upload_to="branding/", blank=True)
    accent = models.CharField(
        _("accent colour"), max_length=7, blank=True, validators=[RegexValidator("^#[0-9a-f]{6}$")],
        help_text=_("Such as #7a1f3d; it is made lighter or darker where it could not be read."),
    )  # fmt: skip
    greeting_name = models.CharField(
        _("greeted as"), max_length=60, blank=True, help_text=_("Empty: by the name of the account.")
    )
    changed_at = models.DateTimeField(_("changed"), editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("branding of an account"), _("branding of accounts")
        constraints = [
            models.CheckConstraint(condition=~Q(logo="", accent="", greeting_name=""), name="branding_shows_something")
        ]

    def __str__(self):
        return str(self.account)
