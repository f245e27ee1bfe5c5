from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.ordering.models.destinations import GoesSomewhere
from apps.ordering.models.payment import PaidSomehow


class Order(GoesSomewhere, PaidSomehow):
    """An order as it was decided when placed: prices, terms, address and promise are kept, never recomputed.

    It goes where it says itself, but for the lines that have a `destination` of their own.
    """

    class Status(models.TextChoices):
        AWAITING_APPROVAL = "awaiting_approval", _("awaiting approval")
        AWAITING_RELEASE = "awaiting_release", _("awaiting credit release")
        AWAITING_PAYMENT = "awaiting_payment", _("awaiting payment")
        PLACED = "placed", _("placed")
        CONFIRMED = "confirmed", _("confirmed")
        SHIPPED = "shipped", _("shipped")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")
        DECLINED = "declined", _("declined")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("portal")
        REP = "rep", _("rep on behalf")
        API = "api", _("API")
        QUOTE = "quote", _("quote")
        STANDING = "standing", _("standing order")
        BLANKET = "blanket", _("call-off")
        IMPORTED = "import", _("imported history")

    OPEN = (
        *(Status.AWAITING_APPROVAL, Status.AWAITING_RELEASE, Status.AWAITING_PAYMENT),
        *(Status.PLACED, Status.CONFIRMED, Status.SHIPPED),
    )

    number = models.CharField(_("number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="orders", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="orders", verbose_name=_("ordered by")
    )
    placed_by_name = models.CharField(
        _("entered by"), max_length=120, blank=True, help_text=_("Where a rep ordered on behalf.")
    )
    country = models.CharField(_("destination country"), max_length=2, default="GB")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.PORTAL)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.PLACED)
    cost_centre = models.ForeignKey(
        "ordering.CostCentre",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("cost centre"),
    )
    cost_centre_text = models.CharField(
        _("cost centre as ordered"), max_length=120, blank=True, default="", db_default=""
    )
    po_number = models.CharField(_("PO number"), max_length=60, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    coupon = models.CharField(_("code"), max_length=30, blank=True, default="", db_default="")
    coupon_saved = models.DecimalField(
        _("saved by the code, net"), max_digits=14, decimal_places=2, default=0, db_default=0
    )
    goods_net = models.DecimalField(_("goods, net"), max_digits=14, decimal_places=2, default=0)
    freight_net = models.DecimalField(_("freight, net"), max_digits=12, decimal_places=2, default=0)
    freight_tax_percent = models.DecimalField(_("tax on freight in percent"), max_digits=5, decimal_places=2, default=0)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2, default=0)
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=2, default=0)
    idempotency_key = models.CharField(max_length=80, blank=True, editable=False)
    placed_at = models.DateTimeField(_("placed"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("order"), _("orders")
        ordering = ["-placed_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-placed_at", "-id"], name="order_of_account"),
            models.Index(
                fields=["status", "-placed_at"],
                name="order_open",
                condition=~Q(status__in=["delivered", "cancelled", "declined"]),
            ),
            models.Index(fields=["-placed_at"], name="order_latest"),
            models.Index(fields=["contact", "placed_at"], name="order_of_contact"),
            models.Index(
                fields=["cost_centre", "placed_at"], name="order_of_cost_centre", condition=Q(cost_centre__isnull=False)
            ),
            models.Index(fields=["pay_by"], name="order_to_be_paid_ahead", condition=Q(status="awaiting_payment")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "idempotency_key"], name="one_order_per_key", condition=~Q(idempotency_key="")
            ),
        ]

    def __str__(self):
        return self.number


class OrderLineQuerySet(AccountOwnedQuerySet):
    account_field = "order__account"

    def awaited(self):
        """Those of open orders of which something is still to leave."""
        return self.filter(order__status__in=Order.OPEN, shipped_quantity__lt=models.F("quantity"))


class OrderLine(models.Model):
    """A line as it was decided: quantity, unit price and where it came from, first promise."""

    class PriceSource(models.TextChoices):
        LIST = "list", _("list price")
        ACCOUNT = "account", _("account price")
        TREE = "tree", _("price of the group of companies")
        GROUP = "group", _("group price")
        PROMOTION = "promotion", _("promotion")
        COUPON = "coupon", _("with a code")
        CONTRACT = "contract", _("contract price")
        QUOTE = "quote", _("quoted price")
        BLANKET = "blanket", _("blanket order")
        HISTORY = "history", _("as invoiced")

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", verbose_name=_("order"))
    destination = models.ForeignKey(
        "ordering.Destination", models.CASCADE, null=True, blank=True, related_name="lines", db_index=False,
        verbose_name=_("further ship-to"), help_text=_("Empty: where the order itself goes."),
    )  # fmt: skip
    position = models.PositiveIntegerField(_("position"))
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, related_name="order_lines", verbose_name=_("product")
    )
    sku = models.CharField(_("SKU"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    quantity = models.PositiveIntegerField(_("quantity"))
    uom = models.CharField(_("unit of measure"), max_length=8, default="pc")
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    price_source = models.CharField(_("price from"), max_length=10, choices=PriceSource.choices)
    price_source_ref = models.CharField(_("list or contract"), max_length=60, blank=True)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    tax_percent = models.DecimalField(_("tax in percent"), max_digits=5, decimal_places=2, default=0)
    promised_on = models.DateField(_("first promise"), null=True, blank=True)
    ready_on = models.DateField(_("ready to ship"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)
    shipped_quantity = models.PositiveIntegerField(_("shipped"), default=0)
    delivered_quantity = models.PositiveIntegerField(_("delivered"), default=0)
    returned_quantity = models.PositiveIntegerField(_("returned or cancelled later"), default=0)
    cancelled_quantity = models.PositiveIntegerField(
        _("called off"), default=0, db_default=0, help_text=_("No longer in the quantity.")
    )
    returning_quantity = models.PositiveIntegerField(_("under a return"), default=0, db_default=0)

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("order line"), _("order lines")
        ordering = ["position"]
        indexes = [models.Index(fields=["product", "order"], name="order_line_of_product")]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) | Q(cancelled_quantity__gte=1),
                name="order_quantity_or_called_off",
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="order_price_not_negative"),
            models.CheckConstraint(
                condition=Q(shipped_quantity__lte=models.F("quantity")), name="never_ship_more_than_ordered"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=models.F("returned_quantity") + models.F("returning_quantity")),
                name="never_return_more_than_ordered",
            ),
            models.CheckConstraint(
                condition=Q(returning_quantity=0)
                | Q(delivered_quantity__gte=models.F("returned_quantity") + models.F("returning_quantity")),
                name="never_return_more_than_delivered",
            ),
        ]

    def __str__(self):
        return f"{self.quantity} x {self.sku}"

    @property
    def goes(self) -> GoesSomewhere:
        """Where and how it goes."""
        return self.destination or self.order

    @staticmethod
    def ref_of(order_number: str, position: int) -> str:
        """The public number of a line, by which stock is reserved for it."""
        return f"{order_number}/{position}"


class Approval(models.Model):
    """Somebody must say yes before an order counts: somebody of the account, or the distributor's credit desk.

    Those of the account are asked one position after the other: the person, or else anybody in the role. They stand as
    they were when the order was placed, whatever becomes of the policy.
    """

    class Reason(models.TextChoices):
        SPEND_LIMIT = "spend_limit", _("above the buyer's spend limit")
        PERIOD_LIMIT = "period_limit", _("above the buyer's spend limit for the period")
        BUDGET = "budget", _("above the budget of the cost centre")
        POLICY = "policy", _("by an approval policy")
        CREDIT_LIMIT = "credit_limit", _("above the credit limit")
        PREPAYMENT = "prepayment", _("paid ahead of delivery")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    order = models.ForeignKey(Order, models.CASCADE, related_name="approvals", verbose_name=_("order"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=0, db_default=0)
    role = models.CharField(_("role"), max_length=15, default="approver", db_default="approver")
    person = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person asked")
    )
    policy = models.CharField(_("policy"), max_length=80, blank=True, default="", db_default="")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    decided_by_name = models.CharField(_("decided by"), max_length=120, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("approval"), _("approvals")
        constraints = [
            models.UniqueConstraint(fields=["order", "reason", "position"], name="one_approval_per_reason_and_position")
        ]

    def __str__(self):
        return f"{self.order_id} {self.reason}"
