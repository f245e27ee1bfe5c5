"""How a company buys: on which cost centres, and whose yes it wants."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Contact
from apps.core.scoping import AccountOwnedQuerySet


class BuyingRules(models.Model):
    """What an account says about its own buying; an account without a row says nothing."""

    account = models.OneToOneField(
        "accounts.Account", models.CASCADE, related_name="buying_rules", verbose_name=_("account")
    )
    needs_cost_centre = models.BooleanField(
        _("every order names a cost centre"), default=False, help_text=_("As soon as the account has one.")
    )
    own_policies_only = models.BooleanField(
        _("its own approval policies replace those of the accounts above it"), default=False
    )

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("buying rules"), _("buying rules")

    def __str__(self):
        return f"buying rules of {self.account_id}"


class CostCentre(models.Model):
    """Whose money is spent, with what may be spent of it in a month, a quarter or a year."""

    class WhenOver(models.TextChoices):
        WARN = "warn", _("say so, and let the order pass")
        ASK = "ask", _("ask an approver")
        BLOCK = "block", _("refuse the order")

    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, related_name="cost_centres", verbose_name=_("account")
    )
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    budget = models.DecimalField(
        _("budget, net"), max_digits=14, decimal_places=2, null=True, blank=True, help_text=_("Empty means no budget.")
    )
    period = models.CharField(
        _("budget for each"), max_length=8, choices=Contact.Period.choices, default=Contact.Period.MONTH
    )
    when_over = models.CharField(_("above the budget"), max_length=5, choices=WhenOver.choices, default=WhenOver.ASK)
    for_everybody = models.BooleanField(_("everybody of the account orders on it"), default=True)
    people = models.ManyToManyField(
        Contact,
        related_name="cost_centres",
        blank=True,
        verbose_name=_("who orders on it"),
        help_text=_("Where not everybody does."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("cost centre"), _("cost centres")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                "account",
                models.functions.Lower("code"),
                name="one_cost_centre_per_code",
            ),
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gte=0), name="budget_not_negative"),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class ApprovalPolicy(models.Model):
    """Which orders somebody must say yes to, whoever orders; what is left empty fits every order."""

    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, related_name="approval_policies", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=80)
    category = models.ForeignKey(
        "catalogue.Category", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    cost_centre = models.ForeignKey(
        CostCentre, models.CASCADE, null=True, blank=True, related_name="policies", verbose_name=_("cost centre")
    )
    ship_to = models.ForeignKey(
        "accounts.ShipTo", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("ship-to")
    )

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("approval policy"), _("approval policies")
        ordering = ["account_id", "id"]

    def __str__(self):
        return self.name


class PolicyStep(models.Model):
    """Above an amount, a person or anybody in a role. Beside a person stands the role of who decides without them."""

    class Role(models.TextChoices):
        APPROVER = "approver", _("any approver")
        ADMINISTRATOR = "administrator", _("any company administrator")

    policy = models.ForeignKey(ApprovalPolicy, models.CASCADE, related_name="steps", verbose_name=_("policy"))
    above = models.DecimalField(_("above, net"), max_digits=14, decimal_places=2)
    role = models.CharField(_("role"), max_length=15, choices=Role.choices, default=Role.APPROVER)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("step"), _("steps")
        ordering = ["above", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(above__gte=0), name="step_amount_not_negative"),
            models.UniqueConstraint(fields=["policy", "above"], name="one_step_per_amount"),
        ]

    def __str__(self):
        return f"above {self.above}"


class Deputy(models.Model):
    """Who decides in somebody's place, from one day to another."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="deputies", verbose_name=_("in the place of"))
    deputy = models.ForeignKey(Contact, models.CASCADE, related_name="deputy_for", verbose_name=_("deputy"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    class Meta:
        verbose_name, verbose_name_plural = _("deputy"), _("deputies")
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="deputy_ends_after_start"),
            models.CheckConstraint(condition=~Q(contact=models.F("deputy")), name="nobody_is_their_own_deputy"),
        ]

    def __str__(self):
        return f"{self.deputy_id} for {self.contact_id}"
