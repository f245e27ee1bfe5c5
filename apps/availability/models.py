"""What there is and what is coming: stock, incoming supply, supplier offers, reservations."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.dates import are_weekdays


class Warehouse(models.Model):
    code = models.CharField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=80)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="GB")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London")
    working_days = models.CharField(
        _("working days"), max_length=7, default="12345", help_text=_("ISO weekdays, 1 is Monday")
    )
    is_branch = models.BooleanField(_("goods can be picked up here"), default=False)
    opens_at = models.TimeField(_("opens at"), null=True, blank=True, help_text=_("The counter, for pick-up."))
    closes_at = models.TimeField(_("closes at"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("warehouse"), _("warehouses")
        ordering = ["priority", "code"]

    def __str__(self):
        return self.name

    def clean(self):
        """Dates and cut-offs are reckoned by its clock and days: neither may be one nobody knows."""
        self.country = self.country.strip().upper()
        if self.time_zone not in available_timezones():
            words = _("There is no time zone “%(zone)s”: write one such as Europe/London.")
            raise ValidationError({"time_zone": words % {"zone": self.time_zone}})
        if not are_weekdays(self.working_days):
            raise ValidationError({"working_days": _("Write the weekdays as figures in order, 1 is Monday: 12345.")})
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The counter closes after it opens.")})


class StockLevel(models.Model):
    """Pieces of a product in a warehouse. What can be promised is on hand less reserved less safety stock."""

    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="stock", verbose_name=_("warehouse"))
    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="stock", verbose_name=_("product"), db_index=False
    )  # the unique constraint begins with it
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    reserved = models.PositiveIntegerField(_("reserved"), default=0)
    safety_stock = models.PositiveIntegerField(_("safety stock"), default=0)
    version = models.BigIntegerField(
        _("version"), default=0, db_default=0, editable=False,
        help_text=_("Of the message that said so last; older ones are ignored."),
    )  # fmt: skip
    missing = models.PositiveIntegerField(
        _("missing"), default=0, db_default=0, editable=False,
        help_text=_("Reserved pieces that are not there, as the ERP last said."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("stock level"), _("stock levels")
        indexes = [models.Index(fields=["id"], name="stock_missing", condition=Q(missing__gt=0))]
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="one_stock_level_per_warehouse"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="never_reserve_more_than_on_hand"),
        ]

    def __str__(self):
        return f"{self.on_hand} at {self.warehouse_id}"


class IncomingSupply(models.Model):
    """A purchase order line under way to a warehouse."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="incoming", verbose_name=_("warehouse"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="incoming", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(_("quantity"))
    reserved = models.PositiveIntegerField(_("reserved"), default=0)
    due_on = models.DateField(_("due"))
    received_on = models.DateField(_("received"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("incoming supply"), _("incoming supply")
        ordering = ["due_on"]
        indexes = [models.Index(fields=["product", "due_on"], name="incoming_open", condition=Q(received_on=None))]
        constraints = [
            models.CheckConstraint(condition=Q(reserved__lte=F("quantity")), name="never_reserve_more_than_incoming"),
        ]

    def __str__(self):
        return self.number


class SupplierOffer(models.Model):
    """What a supplier can send on order, and how fast; stock is what they last reported."""

    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="offers", verbose_name=_("product"), db_index=False
    )  # the unique constraint begins with it
    supplier = models.CharField(_("supplier"), max_length=80)
    stock = models.PositiveIntegerField(_("stock at the supplier"), default=0)
    reserved = models.PositiveIntegerField(_("reserved"), default=0)
    lead_days = models.PositiveSmallIntegerField(_("lead time in days"))
    ships_directly = models.BooleanField(
        _("sends straight to the receiver"), default=False, db_default=False,
        help_text=_("Where a way of delivery straight from the supplier goes there; else it comes to our warehouse."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("supplier offer"), _("supplier offers")
        constraints = [
            models.UniqueConstraint(fields=["product", "supplier"], name="one_offer_per_supplier"),
            models.CheckConstraint(condition=Q(reserved__lte=F("stock")), name="never_reserve_more_than_offered"),
        ]

    def __str__(self):
        return self.supplier


class Reservation(models.Model):
    """Quantity held for a demand, named by its public number, out of one source.

    Exactly one of stock, incoming and offer is set, or none: then it is to be sourced, and `ready_on` says by when.
    """

    class State(models.TextChoices):
        HELD = "held", _("held")
        CONSUMED = "consumed", _("shipped")
        RELEASED = "released", _("released")

    demand_ref = models.CharField(_("for"), max_length=60)
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("product"))
    # Looked up by demand and by product; an index on each source would be written with every order line and never read.
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="+", verbose_name=_("ships from"), db_index=False
    )
    stock = models.ForeignKey(StockLevel, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    incoming = models.ForeignKey(
        IncomingSupply, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    offer = models.ForeignKey(SupplierOffer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    ready_on = models.DateField(_("ready"))
    is_direct = models.BooleanField(_("straight from the supplier"), default=False, db_default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name, verbose_name_plural = _("reservation"), _("reservations")
        indexes = [models.Index(fields=["demand_ref"], name="reservation_demand")]
        constraints = [models.CheckConstraint(condition=Q(quantity__gte=1), name="reservation_not_empty")]

    def __str__(self):
        return f"{self.quantity} for {self.demand_ref}"
