"""Log-ins of machines."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.accounts import Account
from apps.accounts.models.users import User


class ServiceKeyAccount(models.Model):
    """Whom a machine's log-in speaks for: one account's own system, or the distributor's ERP or a carrier."""

    class Role(models.TextChoices):
        MACHINE = "machine", _("an account's own system")
        ERP = "erp", _("our ERP")
        CARRIER = "carrier", _("a carrier")

    user = models.OneToOneField(User, models.CASCADE, related_name="service_account", verbose_name=_("log-in"))
    role = models.CharField(_("kind"), max_length=8, choices=Role.choices, default=Role.MACHINE)
    account = models.ForeignKey(
        Account,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("account"),
        help_text=_("For an account's own system, and only for it."),
    )
    carrier = models.CharField(
        _("carrier"),
        max_length=80,
        blank=True,
        help_text=_("For a carrier, and only for it: its name as the ways of delivery and the shipments have it."),
    )
    purpose = models.CharField(_("purpose"), max_length=80)

    class Meta:
        verbose_name, verbose_name_plural = _("machine"), _("machines")
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(role="carrier") & ~models.Q(carrier=""))
                | (~models.Q(role="carrier") & models.Q(carrier="")),
                name="only_a_carriers_machine_has_a_carrier",
                violation_error_message=_("A carrier's system needs the carrier's name; others have none."),
            ),
            models.CheckConstraint(
                condition=models.Q(role="machine", account__isnull=False)
                | (~models.Q(role="machine") & models.Q(account=None)),
                name="only_an_accounts_machine_has_an_account",
                violation_error_message=_("An account's own system needs its account; our own systems have none."),
            ),
        ]

    def __str__(self):
        return self.purpose
