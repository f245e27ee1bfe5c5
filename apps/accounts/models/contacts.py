"""People at an account, and who acts in their place."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.accounts import Account
from apps.accounts.models.users import User, check_time_zone
from apps.core.scoping import AccountOwnedQuerySet


class Contact(models.Model):
    """A person at an account, with what they do there and how they wish to be reached."""

    class Role(models.TextChoices):
        BUYER = "buyer", _("buyer")
        APPROVER = "approver", _("approver")
        FINANCE = "finance", _("finance")
        RECEIVER = "receiver", _("receiver")
        ADMINISTRATOR = "administrator", _("company administrator")

    class Persona(models.TextChoices):
        OPERATOR = "operator", _("operator")
        DECISION_MAKER = "decision_maker", _("decision maker")
        GATEKEEPER = "gatekeeper", _("gatekeeper")
        END_USER = "end_user", _("end user")
        INTERMEDIARY = "intermediary", _("intermediary")

    class Period(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts", verbose_name=_("account"))
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="contacts", verbose_name=_("log-in")
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=15, choices=Role.choices, default=Role.BUYER)
    persona = models.CharField(_("persona"), max_length=15, choices=Persona.choices, default=Persona.OPERATOR)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London", validators=[check_time_zone])
    spend_limit = models.DecimalField(
        _("spend limit per order"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Net. Orders above it wait for an approver; empty means no limit."),
    )
    period_limit = models.DecimalField(
        _("spend limit per period"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Net, of all orders of the period. The order that passes it waits for an approver."),
    )
    limit_period = models.CharField(
        _("period of the limit"), max_length=8, choices=Period.choices, default=Period.MONTH, db_default="month"
    )
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    # Read by the release before this one alone: who may be written to stands in accounts/models/consents.py.
    survey_consent = models.BooleanField(_("may be asked how we do"), default=True, editable=False)
    survey_objected_at = models.DateTimeField(_("objected to surveys at"), null=True, blank=True, editable=False)
    # {"order": [names of blocks], "hidden": [names]}; nothing where home is as their persona's is.
    home = models.JSONField(_("how home is arranged"), null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contact"), _("contacts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "account",
                models.functions.Lower("email"),
                name="one_contact_per_address",
                condition=~models.Q(email=""),
            ),
            models.CheckConstraint(
                condition=models.Q(spend_limit=None) | models.Q(spend_limit__gte=0), name="spend_limit_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(period_limit=None) | models.Q(period_limit__gte=0), name="period_limit_not_negative"
            ),
        ]

    def __str__(self):
        return self.name


class Acting(models.Model):
    """Staff in the place of a contact: from when, until when at most, and when and why it ended."""

    class End(models.TextChoices):
        STOPPED = "stopped", _("stepped back out")
        RAN_OUT = "ran_out", _("the time ran out")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+", verbose_name=_("contact"))
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("who"))
    name = models.CharField(_("name"), max_length=120)
    started_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("at most until"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    end = models.CharField(_("how it ended"), max_length=8, choices=End.choices, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("acting for a contact"), _("acting for contacts")
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-started_at"], name="acting_of_account"),
            models.Index(fields=["until"], name="acting_now", condition=models.Q(ended_at=None)),
        ]

    def __str__(self):
        return f"{self.name} for {self.contact_id}"
