from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class BuyingListQuerySet(AccountOwnedQuerySet):
    def seen_by(self, actor):
        """Those of the account acted in that are shared, and the actor's own: nobody's else, not on their behalf."""
        own = Q(owner=actor.contact_id) if actor.contact_id and not actor.acting_for else Q(pk__in=())
        return self.filter(account=actor.account_id).filter(Q(is_shared=True) | own)


class BuyingList(models.Model):
    """Products that are ordered again and again, kept under a name: by one contact, or shared within the account.

    One without an owner was made by a machine or on somebody's behalf; it is always shared.
    """

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    owner = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=80)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_shared = models.BooleanField(_("shared within the account"), default=False)
    is_favourites = models.BooleanField(
        _("favourites"), default=False, db_default=False, editable=False, help_text=_("The one a star puts on.")
    )
    created_at = models.DateTimeField(_("made"))
    updated_at = models.DateTimeField(_("changed"))

    objects = BuyingListQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("list"), _("lists")
        indexes = [models.Index(fields=["account", "name"], name="buying_list_of_account")]
        constraints = [
            models.UniqueConstraint(fields=["owner"], name="one_list_of_favourites", condition=Q(is_favourites=True))
        ]

    def __str__(self):
        return self.name


class BuyingListLine(models.Model):
    """A product of a list: how much of it is usually ordered, and how much should be on the shelf (par)."""

    buying_list = models.ForeignKey(BuyingList, models.CASCADE, related_name="lines", verbose_name=_("list"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    par = models.PositiveIntegerField(_("par"), null=True, blank=True, help_text=_("What should be on the shelf."))
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("list line"), _("list lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["buying_list", "product"], name="one_line_per_product_in_a_list"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="list_quantity_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.product_id}"
