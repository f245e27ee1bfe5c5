"""Quotes: a request for better prices and the whole exchange about it, round by round."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class Quote(models.Model):
    """A request for better prices, the rep's offers with their validity, and what became of it.

    `round` is the number of its latest `QuoteVersion`; `answer`, `valid_until` and the lines' offered prices are those
    of the rep's latest offer.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("waiting for the rep")
        OFFERED = "offered", _("offered")
        COUNTERED = "countered", _("counter-offer with the rep")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    WITH_THE_REP = (Status.REQUESTED, Status.COUNTERED)
    OPEN = (*WITH_THE_REP, Status.OFFERED)

    number = models.CharField(_("number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="quotes", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.REQUESTED)
    round = models.PositiveSmallIntegerField(_("round"), default=0, db_default=0)
    currency = models.CharField(_("currency"), max_length=3)
    request_key = models.CharField(max_length=80, blank=True, db_default="", default="", editable=False)
    message = models.TextField(_("message"), blank=True)
    answer = models.TextField(_("the rep's answer"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    warned_of = models.DateField(_("told that it runs out on"), null=True, blank=True, editable=False)
    requested_at = models.DateTimeField(_("requested"))
    waiting_since = models.DateTimeField(_("with the rep since"), null=True, blank=True)
    offered_at = models.DateTimeField(_("offered at"), null=True, blank=True)
    order = models.OneToOneField(
        "ordering.Order", models.SET_NULL, null=True, blank=True, related_name="quote", verbose_name=_("order")
    )

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("quote"), _("quotes")
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["account", "-requested_at"], name="quote_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "request_key"], name="one_quote_per_key", condition=~Q(request_key="")
            )
        ]

    def __str__(self):
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class QuoteLine(models.Model):
    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines", verbose_name=_("quote"))
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.PositiveIntegerField(_("quantity"))
    current_price = models.DecimalField(_("price when asked"), max_digits=14, decimal_places=4, null=True, blank=True)
    offered_price = models.DecimalField(_("offered price"), max_digits=14, decimal_places=4, null=True, blank=True)
    note = models.CharField(_("comment"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name, verbose_name_plural = _("quote line"), _("quote lines")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["quote", "product"], name="one_line_per_product_in_a_quote"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="quote_quantity_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} of {self.product_id}"


class QuoteVersion(models.Model):
    """One turn of the exchange as it was sent: a counter-offer of the account's or an offer of the rep's. Never
    changed afterwards."""

    class Side(models.TextChoices):
        BUYER = "buyer", _("the account")
        REP = "rep", _("the rep")

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="versions", verbose_name=_("quote"))
    round = models.PositiveSmallIntegerField(_("round"))
    side = models.CharField(_("by"), max_length=5, choices=Side.choices)
    by_name = models.CharField(_("name"), max_length=120, blank=True)
    words = models.TextField(_("words"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    made_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name, verbose_name_plural = _("version of a quote"), _("versions of a quote")
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["quote", "round"], name="one_version_per_round")]

    def __str__(self):
        return f"{self.quote_id} round {self.round}"


class QuoteVersionLine(models.Model):
    """The unit price one side named for a line in one round, and what it said with it."""

    version = models.ForeignKey(QuoteVersion, models.CASCADE, related_name="lines", verbose_name=_("version"))
    line = models.ForeignKey(QuoteLine, models.CASCADE, related_name="versions", verbose_name=_("line"))
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4)
    note = models.CharField(_("comment"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("line of a version"), _("lines of a version")
        ordering = ["line_id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "line"], name="one_price_per_line_and_version"),
            models.CheckConstraint(condition=Q(unit_price__gt=0), name="version_price_above_zero"),
        ]

    def __str__(self):
        return f"{self.line_id} at {self.unit_price}"


class QuoteFile(models.Model):
    """A picture or PDF that goes with a quote. It is kept here rather than among the media: it has one door."""

    class Kind(models.TextChoices):
        JPEG = "jpg", _("picture")
        PDF = "pdf", _("PDF")

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="files", verbose_name=_("quote"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind of file"), max_length=3, choices=Kind.choices)
    size = models.PositiveIntegerField(_("bytes"))
    content = models.BinaryField(_("file"))
    side = models.CharField(_("by"), max_length=5, choices=QuoteVersion.Side.choices)
    by_name = models.CharField(_("name of who sent it"), max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name, verbose_name_plural = _("file of a quote"), _("files of quotes")
        ordering = ["id"]

    def __str__(self):
        return self.name
