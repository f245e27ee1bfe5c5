"""A price seen elsewhere, and what the rep makes of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.pricing.models.agreements import Contract


class PriceMatch(models.Model):
    """A buyer asks for the price another seller quotes. Granted, it is a contract price of its own for a time.

    The file is kept here rather than among the media: it comes and goes with its request, and has one door.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(_("quantity"))
    competitor = models.CharField(_("offered by"), max_length=80)
    competitor_price = models.DecimalField(_("price elsewhere"), max_digits=14, decimal_places=4)
    own_price = models.DecimalField(_("price here when asked"), max_digits=14, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3)
    link = models.URLField(_("address of the offer"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)
    file = models.BinaryField(_("file"), null=True, blank=True)
    file_kind = models.CharField(_("kind of file"), max_length=3, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    answer = models.TextField(_("answer"), blank=True)
    granted_price = models.DecimalField(_("granted price"), max_digits=14, decimal_places=4, null=True, blank=True)
    contract = models.OneToOneField(
        Contract, models.SET_NULL, null=True, blank=True, related_name="price_match", verbose_name=_("contract")
    )
    key = models.CharField(max_length=40, editable=False)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by_name = models.CharField(_("answered by"), max_length=120, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price match"), _("price matches")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["account", "product", "-asked_at"], name="price_matches_of_an_account"),
            models.Index(fields=["asked_at"], name="price_matches_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="one_price_match_per_key"),
            models.CheckConstraint(
                condition=Q(competitor_price__gt=0, quantity__gte=1), name="price_match_of_something_at_a_price"
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(granted_price__isnull=False), name="granted_match_has_its_price"
            ),
        ]

    def __str__(self):
        return f"{self.product_id} at {self.competitor}"
