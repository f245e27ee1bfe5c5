"""Goods that come back: what was asked for, on which terms, and the terms themselves as operations keep them."""

import uuid
from decimal import Decimal

from django.core.files.storage import storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


def private_storage():
    """Below no root that is served by path."""
    return storages["private"]


def file_path(_row: models.Model, _name: str) -> str:
    return f"returns/{uuid.uuid4().hex}.jpg"


class Return(models.Model):
    """A return of goods of one order, known by its RMA number."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("waiting for our yes")
        APPROVED = "approved", _("agreed, to be sent")
        ARRIVING = "arriving", _("partly received")
        RECEIVED = "received", _("received")
        SETTLED = "settled", _("settled")
        REFUSED = "refused", _("not agreed")
        CANCELLED = "cancelled", _("withdrawn")
        EXPIRED = "expired", _("never sent")

    class Wish(models.TextChoices):
        CREDIT = "credit", _("credit")
        REPLACEMENT = "replacement", _("replacement")

    #: Of which pieces are held back from another return.
    HOLDS = (Status.REQUESTED, Status.APPROVED, Status.ARRIVING)
    #: Which a label belongs to.
    LABELLED = (Status.APPROVED, Status.ARRIVING)

    number = models.CharField(_("RMA number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="returns", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    order = models.ForeignKey("ordering.Order", models.PROTECT, related_name="returns", verbose_name=_("order"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    wish = models.CharField(_("wish"), max_length=12, choices=Wish.choices, default=Wish.CREDIT)
    note = models.TextField(_("what they wrote"), blank=True)
    key = models.CharField(max_length=100, editable=False)
    currency = models.CharField(_("currency"), max_length=3)
    we_pay_freight = models.BooleanField(_("we pay the freight"), default=False)
    is_automatic = models.BooleanField(_("agreed to by itself"), default=False)
    requested_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by_name = models.CharField(_("decided by"), max_length=120, blank=True)
    answer = models.TextField(_("our answer"), blank=True, help_text=_("The customer reads it."))
    warehouse = models.ForeignKey(
        "availability.Warehouse", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to")
    )
    send_to = models.TextField(_("address it is sent to"), blank=True)
    send_by = models.DateField(_("to be sent by"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    tracking_code = models.CharField(_("tracking code"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("return"), _("returns")
        ordering = ["-requested_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-requested_at", "-id"], name="return_of_account"),
            models.Index(fields=["status", "-requested_at", "-id"], name="return_by_status"),
            models.Index(fields=["send_by"], name="return_to_be_sent", condition=Q(status="approved", sent_at=None)),
        ]
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="one_return_per_key")]

    def __str__(self):
        return self.number

    @property
    def has_label(self) -> bool:
        return self.status in self.LABELLED

    @property
    def standing(self) -> str:
        """Its status, but for what is agreed to and on its way already."""
        return "sent" if self.status == self.Status.APPROVED and self.sent_at else self.status

    @property
    def standing_words(self) -> str:
        return gettext("on its way to us") if self.standing == "sent" else self.get_status_display()

    @property
    def may_be_withdrawn(self) -> bool:
        return self.status in (self.Status.REQUESTED, self.Status.APPROVED) and self.sent_at is None


class ReturnLineQuerySet(AccountOwnedQuerySet):
    account_field = "of__account"


class ReturnLine(models.Model):
    """So much of an order line comes back for a reason; the share of the net that is kept stands as it was agreed."""

    class Reason(models.TextChoices):
        CHANGED_MIND = "changed_mind", _("no longer needed")
        ORDERED_WRONG = "ordered_wrong", _("ordered by mistake")
        SURPLUS = "surplus", _("left over")
        DAMAGED = "damaged", _("arrived damaged")
        WRONG_ITEM = "wrong_item", _("not what was ordered")
        FAULTY = "faulty", _("does not work")
        TOO_LATE = "too_late", _("came too late")

    of = models.ForeignKey(Return, models.CASCADE, related_name="lines", verbose_name=_("return"))
    order_line = models.ForeignKey(
        "ordering.OrderLine", models.PROTECT, related_name="return_lines", verbose_name=_("order line")
    )
    reason = models.CharField(_("reason"), max_length=14, choices=Reason.choices)
    quantity = models.PositiveIntegerField(_("asked for"))
    approved_quantity = models.PositiveIntegerField(_("agreed"), default=0)
    received_quantity = models.PositiveIntegerField(_("received"), default=0)
    fee_percent = models.DecimalField(_("kept for taking it back, in percent"), max_digits=5, decimal_places=2)
    until = models.DateField(_("could be asked for until"))
    barred = models.CharField(_("somebody has to look"), max_length=10, blank=True)

    objects = ReturnLineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("line of a return"), _("lines of returns")
        ordering = ["order_line__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["of", "order_line"], name="one_return_line_per_order_line"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_quantity_positive"),
            models.CheckConstraint(
                condition=Q(approved_quantity__lte=F("quantity")), name="never_agree_to_more_than_asked"
            ),
            models.CheckConstraint(
                condition=Q(received_quantity__lte=F("approved_quantity")), name="never_receive_more_than_agreed"
            ),
            models.CheckConstraint(condition=Q(fee_percent__gte=0, fee_percent__lte=100), name="return_fee_is_a_share"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.order_line_id}"

    @property
    def awaited(self) -> int:
        """Pieces that were agreed to and have not come yet."""
        return self.approved_quantity - self.received_quantity


class ReturnFile(models.Model):
    """A photograph that came with a return, written anew by us; shown only to those who may see the return."""

    of = models.ForeignKey(Return, models.CASCADE, related_name="files", verbose_name=_("return"))
    file = models.FileField(_("file"), storage=private_storage, upload_to=file_path)

    class Meta:
        verbose_name, verbose_name_plural = _("picture of a return"), _("pictures of returns")
        ordering = ["id"]

    def __str__(self):
        return f"{self.of_id} {self.pk}"


_PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class ReturnReasonTerms(models.Model):
    """On which terms goods come back for a reason; without a row `rules.returns.USUAL`."""

    reason = models.CharField(_("reason"), max_length=14, choices=ReturnLine.Reason.choices, unique=True)
    days = models.PositiveSmallIntegerField(_("days after the delivery"))
    fee_percent = models.DecimalField(
        _("kept for taking it back, in percent"), max_digits=5, decimal_places=2, default=0, validators=_PERCENT
    )
    we_pay_freight = models.BooleanField(_("we pay the freight"), default=False)
    is_automatic = models.BooleanField(
        _("agreed to by itself"), default=False, help_text=_("As long as it is asked for within the days.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("terms of a reason to return"), _("terms of reasons to return")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(fee_percent__gte=0, fee_percent__lte=100), name="reason_fee_is_a_share")
        ]

    def __str__(self):
        return str(self.get_reason_display())


class ReturnTerms(models.Model):
    """What holds for every return. One row, kept by operations."""

    automatic_below = models.DecimalField(
        _("agreed to by itself up to, net"), max_digits=12, decimal_places=2, default=100,
        validators=[MinValueValidator(Decimal(0))], help_text=_("In the currency of the order. 0: never by its value."),
    )  # fmt: skip
    send_within_days = models.PositiveSmallIntegerField(
        _("to be sent within days"), default=14, help_text=_("Afterwards the return ends by itself.")
    )
    warehouse = models.ForeignKey(
        "availability.Warehouse", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("warehouse that receives"), help_text=_("Empty: the first by priority."),
    )  # fmt: skip
    address = models.TextField(
        _("address on the label"), blank=True, help_text=_("Empty: our own with the name of the warehouse.")
    )
    instructions = models.TextField(
        _("how it is sent"), blank=True, help_text=_("Who is called for a pick-up, or where it is dropped off.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("terms of returns"), _("terms of returns")

    def __str__(self):
        return str(_("terms of returns"))


class NotReturnable(models.Model):
    """A product, or everything in a category and below, that comes back only for a fault."""

    class Why(models.TextChoices):
        CUT = "cut", _("cut to length")
        MADE = "made", _("made to order")
        DANGEROUS = "dangerous", _("dangerous goods")
        HYGIENE = "hygiene", _("hygiene")
        OTHER = "other", _("other")

    category = models.OneToOneField(
        "catalogue.Category", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    product = models.OneToOneField(
        "catalogue.Product", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    why = models.CharField(_("why"), max_length=10, choices=Why.choices)

    class Meta:
        verbose_name, verbose_name_plural = _("not returnable"), _("not returnable")
        constraints = [
            models.CheckConstraint(
                condition=Q(category=None, product__isnull=False) | Q(category__isnull=False, product=None),
                name="not_returnable_is_a_product_or_a_category",
                violation_error_message=_("Choose a product or a category, not both."),
            )
        ]

    def __str__(self):
        return str(self.product or self.category)
