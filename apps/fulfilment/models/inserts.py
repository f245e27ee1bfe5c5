"""What goes into a box beside the goods, by which rule, within which budget; and what was chosen for each shipment."""

from datetime import date
from pathlib import PurePath
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Contact
from apps.core.formatting import long_date
from apps.fulfilment.rules.inserts import MOST, Terms

PROMISED = "promised"  # the reason of what no rule chose


def picture_path(insert: "Insert", name: str) -> str:
    return f"inserts/{uuid4().hex}{PurePath(name).suffix.lower()}"


class Insert(models.Model):
    """Something that can go into a box."""

    class Kind(models.TextChoices):
        BOX = "box", _("box")
        LEAFLET = "leaflet", pgettext_lazy("a leaflet in a box", "insert")
        SAMPLE = "sample", _("sample")
        MESSAGE = "message", _("printed message")
        COUPON = "coupon", _("coupon")

    name = models.CharField(_("name"), max_length=120, help_text=_("As pickers and buyers read it."))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True, help_text=_("What is printed; buyers read it with their order."))
    picture = models.FileField(_("picture"), upload_to=picture_path, blank=True)
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product"),
        help_text=_("Counted against its stock; a sample needs one."),
    )  # fmt: skip
    cost = models.DecimalField(
        _("cost of one"), max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)],
        help_text=_("In the currency of the house."),
    )  # fmt: skip
    percent = models.PositiveSmallIntegerField(
        _("percent off"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of a coupon."),
    )  # fmt: skip
    valid_days = models.PositiveSmallIntegerField(
        _("valid for days"), default=60, validators=[MinValueValidator(1)], help_text=_("Of a coupon.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("thing for the box"), _("things for the box")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="sample") | Q(product__isnull=False), name="a_sample_is_of_a_product",
                violation_error_message=_("A sample is of a product: choose it."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="coupon") | Q(percent__gte=1, percent__lte=100), name="a_coupon_takes_a_percentage",
                violation_error_message=_("A coupon takes from 1 to 100 percent off."),
            ),
            models.CheckConstraint(condition=Q(cost__gte=0), name="insert_cost_not_negative"),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    @property
    def picture_file(self):
        """The picture, else that of the product; None without either."""
        return self.picture or (self.product and (self.product.thumbnail or self.product.picture)) or None


class InsertRule(models.Model):
    """When an insert goes into a box; see `rules.inserts`."""

    class Period(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    name = models.CharField(_("name"), max_length=120)
    insert = models.ForeignKey(Insert, models.PROTECT, related_name="rules", verbose_name=_("thing for the box"))
    priority = models.PositiveSmallIntegerField(_("priority"), default=100, help_text=_("The lowest goes first."))
    is_active = models.BooleanField(_("active"), default=True)
    segments = ArrayField(
        models.CharField(max_length=40), verbose_name=_("segments"), default=list, blank=True,
        help_text=_("With commas between them; empty: any."),
    )  # fmt: skip
    groups = models.ManyToManyField(
        "accounts.AccountGroup", blank=True, related_name="+", verbose_name=_("account groups")
    )
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True,
        help_text=_("Codes of two letters with commas between them; empty: any."),
    )  # fmt: skip
    personas = ArrayField(
        models.CharField(max_length=15, choices=Contact.Persona.choices), verbose_name=_("persona of who ordered"),
        default=list, blank=True,
    )  # fmt: skip
    categories = models.ManyToManyField(
        "catalogue.Category", blank=True, related_name="+", verbose_name=_("bought from"),
        help_text=_("With this order or before, there or below."),
    )  # fmt: skip
    order_from = models.PositiveIntegerField(_("from which order"), null=True, blank=True)
    order_to = models.PositiveIntegerField(_("up to which order"), null=True, blank=True)
    away_days = models.PositiveIntegerField(_("days since the order before, at least"), null=True, blank=True)
    complaint_days = models.PositiveIntegerField(_("days since a complaint, at most"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    yearly = models.BooleanField(_("each year"), default=False)
    rest_days = models.PositiveIntegerField(
        _("rest in days"), default=90, help_text=_("An account does not get the same thing again before.")
    )
    held_out_percent = models.PositiveSmallIntegerField(
        _("held out, percent"), default=10, validators=[MaxValueValidator(90)],
        help_text=_("So many accounts go without, so that the effect can be seen."),
    )  # fmt: skip
    budget = models.DecimalField(
        _("budget"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("In the currency of the house, for each period; empty: no limit."),
    )  # fmt: skip
    period = models.CharField(_("period"), max_length=7, choices=Period.choices, default=Period.MONTH)

    class Meta:
        verbose_name, verbose_name_plural = _("rule for the box"), _("rules for the box")
        ordering = ["priority", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(order_from=None) | Q(order_to=None) | Q(order_to__gte=F("order_from")),
                name="insert_rule_orders_in_order",
                violation_error_message=_("The last order comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(yearly=False, starts_on=None) | Q(yearly=False, ends_on=None)
                | Q(starts_on__isnull=False, ends_on__isnull=False, yearly=True) | Q(ends_on__gte=F("starts_on")),
                name="insert_rule_season_in_order",
                violation_error_message=_("A season ends after it begins; one for each year needs both days."),
            ),
            models.CheckConstraint(condition=Q(held_out_percent__lte=90), name="insert_rule_holds_out_a_share"),
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gte=0), name="insert_budget_not_negative"),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def terms(self, categories: frozenset[int]) -> Terms:
        """The rule for `rules.inserts.choose`; groups are prefetched, insert is joined."""
        return Terms(
            rule_id=self.pk,
            insert_id=self.insert_id,
            kind=self.insert.kind,
            priority=self.priority,
            held_out_percent=self.held_out_percent,
            segments=frozenset(self.segments),
            groups=frozenset(group.pk for group in self.groups.all()),
            countries=frozenset(self.countries),
            personas=frozenset(self.personas),
            categories=categories,
            order_from=self.order_from,
            order_to=self.order_to,
            away_days=self.away_days,
            complaint_days=self.complaint_days,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            yearly=self.yearly,
        )

    def period_of(self, on: date) -> date:
        """The first day of the period of its budget."""
        month = {"month": on.month, "quarter": (on.month - 1) // 3 * 3 + 1, "year": 1}[self.period]
        return date(on.year, month, 1)


class InsertBudget(models.Model):
    """What a rule has spent in a period; the database lets it spend no more than `limit`."""

    rule = models.ForeignKey(
        InsertRule, models.CASCADE, related_name="budgets", verbose_name=_("rule"), db_index=False
    )  # the unique constraint begins with it
    starts_on = models.DateField(_("from"))
    limit = models.DecimalField(_("budget"), max_digits=10, decimal_places=2)
    spent = models.DecimalField(_("spent"), max_digits=10, decimal_places=2, default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("budget of a rule"), _("budgets of rules")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "starts_on"], name="one_budget_per_rule_and_period"),
            models.CheckConstraint(condition=Q(spent__gte=0, spent__lte=F("limit")), name="insert_budget_holds"),
        ]

    def __str__(self):
        return f"{self.rule_id} {self.starts_on}"


class PromisedInsert(models.Model):
    """Something that an account was promised: it goes with its next shipment, whatever the rules say."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("of what was promised for a box", "waiting")
        IN_BOX = "in_box", pgettext_lazy("of what was promised for a box", "in a box")
        GONE = "gone", pgettext_lazy("of what was promised for a box", "gone")
        OVER = "over", pgettext_lazy("of what was promised for a box", "over")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    insert = models.ForeignKey(Insert, models.PROTECT, related_name="+", verbose_name=_("thing for the box"))
    source_ref = models.CharField(_("caused by"), max_length=80, unique=True)
    valid_until = models.DateField(_("holds until"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    shipment = models.ForeignKey(
        "fulfilment.Shipment", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("shipment")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("promise for a box"), _("promises for boxes")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "over"]) | Q(shipment=None), name="a_waiting_promise_is_in_no_box"
            )
        ]

    def __str__(self):
        return f"{self.insert_id} to {self.account_id}"


class ShipmentInsert(models.Model):
    """What was chosen for a shipment, and why; or what it goes without on purpose."""

    class State(models.TextChoices):
        CHOSEN = "chosen", pgettext_lazy("of what goes into a box", "to put in")
        PUT_IN = "put_in", pgettext_lazy("of what goes into a box", "put in")
        LEFT_OUT = "left_out", pgettext_lazy("of what goes into a box", "left out")
        HELD_OUT = "held_out", pgettext_lazy("of what goes into a box", "held out")

    shipment = models.ForeignKey(
        "fulfilment.Shipment", models.CASCADE, related_name="inserts", verbose_name=_("shipment"), db_index=False
    )  # the unique constraint begins with it
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    rule = models.ForeignKey(
        InsertRule, models.PROTECT, null=True, blank=True, related_name="chosen", verbose_name=_("rule")
    )
    promise = models.ForeignKey(
        "fulfilment.PromisedInsert", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    insert = models.ForeignKey(Insert, models.PROTECT, related_name="chosen", verbose_name=_("thing for the box"))
    kind = models.CharField(_("kind"), max_length=8, choices=Insert.Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    reasons = models.JSONField(default=list, editable=False)
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=2, default=0)
    budget = models.ForeignKey(InsertBudget, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    coupon_code = models.CharField(_("code"), max_length=30, blank=True)
    chosen_at = models.DateTimeField(_("chosen"))

    class Meta:
        verbose_name, verbose_name_plural = _("choice for a box"), _("choices for boxes")
        ordering = ["shipment_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "kind"], name="one_insert_of_a_kind_in_a_shipment"),
            models.CheckConstraint(
                condition=Q(rule__isnull=False) | Q(promise__isnull=False), name="an_insert_has_its_cause"
            ),
        ]
        indexes = [models.Index(fields=["account", "insert", "-chosen_at"], name="insert_of_account")]

    def __str__(self):
        return f"{self.insert_id} in {self.shipment_id}"

    @property
    def demand_ref(self) -> str:
        """What stock of its product is held for."""
        return f"{self.shipment_id}#{self.kind}"

    @property
    def why(self) -> str:
        """Why it was chosen, in words."""
        if not self.reasons:
            return say("It goes with every shipment.")
        return " · ".join(_REASONS[code] % {"value": _in_words(code, value)} for code, value in self.reasons)


def _in_words(code: str, value) -> str:
    if code == "season":
        return long_date(date.fromisoformat(value), get_language() or "en")
    return str(Contact.Persona(value).label) if code == "persona" else str(value)


_REASONS = {
    PROMISED: _("Promised to the account"),
    "segment": _("Segment: %(value)s"),
    "group": _("Account group: %(value)s"),
    "country": _("Country: %(value)s"),
    "persona": _("Ordered by: %(value)s"),
    "nth_order": _("Order number %(value)s of the account"),
    "category": _("Bought from: %(value)s"),
    "away": _("Days since the order before: %(value)s"),
    "complaint": _("Days since a complaint: %(value)s"),
    "season": _("In season on %(value)s"),
}


class BoxTerms(models.Model):
    """How much goes into a box beside the goods. One row, kept by operations; without it as `rules.inserts` says."""

    most = models.PositiveSmallIntegerField(
        _("things in a box, at most"), default=MOST, validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("Of each kind there is one at most."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("terms for the box"), _("terms for the box")
        constraints = [
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=5), name="a_box_holds_one_to_five_things")
        ]

    def __str__(self):
        return f"{self.most}"


class Complaint(models.Model):
    """An account complained; told by whoever keeps complaints, once each."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    source_ref = models.CharField(_("told by"), max_length=80, unique=True)
    happened_at = models.DateTimeField(_("happened"))

    class Meta:
        verbose_name, verbose_name_plural = _("complaint"), _("complaints")

    def __str__(self):
        return self.source_ref
