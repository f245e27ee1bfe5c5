"""A price that a rep wants to give an account: within their limit it holds at once, beyond it a manager decides."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.pricing.models.agreements import Contract


class ProposalLimit(models.Model):
    """How far somebody of a desk may go by themselves. Without a row, `rules.USUAL_LIMIT` holds."""

    class Desk(models.TextChoices):
        SALES = "rep", _("sales")
        MANAGER = "manager", _("management")

    desk = models.CharField(_("desk"), max_length=10, choices=Desk.choices, unique=True)
    least_margin = models.DecimalField(
        _("least margin in percent"), max_digits=5, decimal_places=2, help_text=_("Of the price, above the cost.")
    )
    most_off = models.DecimalField(
        _("most off in percent"), max_digits=5, decimal_places=2, help_text=_("Below what the account pays now.")
    )
    longest_days = models.PositiveSmallIntegerField(_("longest validity in days"))

    class Meta:
        verbose_name, verbose_name_plural = _("limit of price proposals"), _("limits of price proposals")
        constraints = [
            models.CheckConstraint(
                condition=Q(least_margin__gte=0, least_margin__lt=100, most_off__gte=0, most_off__lte=100),
                name="limit_is_of_percentages",
            )
        ]

    def __str__(self):
        return self.get_desk_display()


class PriceProposal(models.Model):
    """In force, it is a contract of its own with one net price. `beyond` names what of the limit it went beyond."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a manager")
        IN_FORCE = "in_force", _("agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    min_quantity = models.PositiveIntegerField(_("from quantity"), default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    own_price = models.DecimalField(_("price when proposed"), max_digits=14, decimal_places=4, null=True)
    margin = models.DecimalField(_("margin in percent"), max_digits=6, decimal_places=1, null=True)
    currency = models.CharField(_("currency"), max_length=3)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    why = models.TextField(_("why"), blank=True)
    beyond = models.CharField(_("beyond the limit by"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    reason = models.TextField(_("reason"), blank=True)
    rep = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    by_name = models.CharField(_("proposed by"), max_length=120)
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by_name = models.CharField(_("decided by"), max_length=120, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    contract = models.OneToOneField(
        Contract, models.SET_NULL, null=True, blank=True, related_name="price_proposal", verbose_name=_("contract")
    )
    key = models.CharField(max_length=40, editable=False)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price proposal"), _("price proposals")
        ordering = ["-proposed_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-proposed_at"], name="proposals_of_an_account"),
            models.Index(fields=["proposed_at"], name="proposals_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="one_proposal_per_key"),
            models.CheckConstraint(condition=Q(unit_price__gt=0, min_quantity__gte=1), name="proposal_of_a_price"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=models.F("valid_from")), name="proposal_ends_after_it_starts"
            ),
        ]

    def __str__(self):
        return f"{self.product_id}: {self.unit_price}"
