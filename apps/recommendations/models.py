"""What to suggest: an account's regular SKUs with their rhythm, and what its rep picked by hand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class RegularSku(models.Model):
    """A SKU an account buys again and again: kept up to date after each order, rebuilt by a command."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="regulars", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    times_bought = models.PositiveIntegerField(_("times bought"))
    last_on = models.DateField(_("last bought"))
    gap_days = models.PositiveIntegerField(_("usual days between"))
    usual_quantity = models.PositiveIntegerField(_("usual quantity"))
    due_on = models.DateField(_("due again"))
    dismissed_until = models.DateField(_("not suggested until"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("regular SKU"), _("regular SKUs")
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(fields=["account", "product"], name="one_rhythm_per_account_and_product")
        ]
        indexes = [models.Index(fields=["account", "due_on"], name="regular_due")]

    def __str__(self):
        return f"{self.product_id} every {self.gap_days} days"


class SegmentDemand(models.Model):
    """How many accounts of a segment bought a product in the last year on record; only what sells best in it."""

    segment = models.CharField(_("segment"), max_length=40)
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    accounts = models.PositiveIntegerField(_("accounts"))

    class Meta:
        verbose_name, verbose_name_plural = _("demand of a segment"), _("demand of segments")
        constraints = [
            models.UniqueConstraint(fields=["segment", "product"], name="one_demand_per_segment_and_product")
        ]

    def __str__(self):
        return f"{self.product_id} in {self.segment}: {self.accounts}"


class Pick(models.Model):
    """A product the rep chose for an account, with a word why."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="picks", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    rep = models.ForeignKey("accounts.Rep", models.SET_NULL, null=True, related_name="+", verbose_name=_("rep"))
    note = models.CharField(_("why"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    picked_at = models.DateTimeField(_("picked"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("pick"), _("picks")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_pick_per_account_and_product")]

    def __str__(self):
        return f"{self.product_id} for {self.account_id}"


class Watch(models.Model):
    """A contact who waits for a product: to be back in stock, or to cost less than `below` at the account's price."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("back in stock")
        PRICE = "price", _("a lower price")

    class State(models.TextChoices):
        OPEN = "open", _("watching")
        MET = "met", _("told")
        STOPPED = "stopped", _("stopped")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    kind = models.CharField(_("waits for"), max_length=6, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    below = models.DecimalField(_("below"), max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    begun_at = models.DateTimeField(_("since"))
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    met_price = models.DecimalField(_("price when met"), max_digits=14, decimal_places=4, null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("watch"), _("watches")
        ordering = ["-begun_at", "-id"]
        indexes = [
            models.Index(fields=["id"], name="watch_open", condition=models.Q(state="open")),
            models.Index(fields=["contact", "-begun_at"], name="watch_of_contact"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "product", "kind"],
                name="one_open_watch_of_a_kind",
                condition=models.Q(state="open"),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="price") | models.Q(below__gt=0), name="a_price_watch_has_a_limit"
            ),
        ]

    def __str__(self):
        return f"{self.product_id} for {self.contact_id}"
