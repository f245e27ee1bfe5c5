"""What to suggest: an account's next order, its regular SKUs, what its rep picked, and what it does not want to see;
what became of suggestions, and the letters that told of them."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
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
    # Read by the release before this one alone: what is not suggested is a Dismissal. The next release drops it.
    dismissed_until = models.DateField(_("not suggested until"), null=True, blank=True, editable=False)

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


class NextLine(models.Model):
    """A product the next order of an account is expected to have, the likeliest first: reckoned every night, and anew
    after each order of the account."""

    class Kind(models.TextChoices):
        RHYTHM = "rhythm", _("ordered in a rhythm")
        BOUGHT = "bought", _("ordered before")
        SUCCESSOR = "successor", _("replaces what was ordered")
        ALIKE = "alike", _("ordered by similar accounts")
        SEGMENT = "segment", _("ordered in the segment")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    place = models.PositiveSmallIntegerField(_("place"))
    quantity = models.PositiveIntegerField(_("usual quantity"))
    due_on = models.DateField(_("due by its rhythm"), null=True, blank=True)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    confidence = models.PositiveSmallIntegerField(
        _("of 100 such suggestions ordered"), null=True, blank=True, help_text=_("As measured in the last training.")
    )
    kind = models.CharField(_("reason"), max_length=9, choices=Kind.choices)
    because = models.JSONField(_("facts of the reason"), default=dict)
    others = models.FloatField(_("what other accounts say"), default=0)
    replaces = ArrayField(models.BigIntegerField(), verbose_name=_("products it replaces"), default=list)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("line of a next order"), _("lines of next orders")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_next_line_of_a_product")]
        indexes = [models.Index(fields=["account", "place"], name="next_line_place")]

    def __str__(self):
        return f"{self.product_id} next for {self.account_id}"


class Training(models.Model):
    """A night's reckoning of all next orders: what was learnt by it, and what that told of held-out orders."""

    began_at = models.DateTimeField(_("began"))
    took_seconds = models.FloatField(_("took, in seconds"))
    peak_mib = models.PositiveIntegerField(_("most memory of the process, in MiB"))
    accounts = models.PositiveIntegerField(_("accounts"))
    lines = models.PositiveIntegerField(_("order lines read"))
    mix = models.JSONField(_("weights of the parts"))
    bins = models.JSONField(_("lowest score, and the share that was ordered"))
    spread = models.JSONField(_("percentiles of the next gap over the expected one"))
    usual_gap = models.FloatField(_("usual gap, in days"))
    recall = models.FloatField(_("share of held-out orders among the first ten"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("training"), _("trainings")
        ordering = ["-began_at", "-id"]

    def __str__(self):
        return f"{self.began_at:%Y-%m-%d %H:%M}"


class DismissalQuerySet(AccountOwnedQuerySet):
    def open(self, on: date) -> "DismissalQuerySet":
        """Those that hold on that day."""
        return self.filter(Q(until=None) | Q(until__gt=on), taken_back_at=None)


class Dismissal(models.Model):
    """What an account does not want to have suggested: for now, never, or because it is bought elsewhere."""

    class Kind(models.TextChoices):
        NOT_NOW = "not_now", _("not now")
        NEVER = "never", _("never")
        ELSEWHERE = "elsewhere", _("bought elsewhere")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    kind = models.CharField(_("why"), max_length=9, choices=Kind.choices)
    until = models.DateField(_("until"), null=True, blank=True)
    said_at = models.DateTimeField(_("said"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("dismissal"), _("dismissals")
        ordering = ["-said_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "product"], name="one_dismissal_of_a_product", condition=Q(taken_back_at=None)
            ),
            models.CheckConstraint(
                condition=Q(kind="never", until=None) | Q(~Q(kind="never"), until__isnull=False),
                name="only_never_has_no_end",
            ),
        ]

    def __str__(self):
        return f"{self.product_id} for {self.account_id}: {self.kind}"


def is_dismissed(on: date, *, replaces: bool = False) -> Exists:
    """Whether what a row of (account, product) is about is dismissed on that day, with `replaces` also what it
    replaces."""
    held, about = Dismissal.objects.open(on).filter(account=OuterRef("account")), Q(product=OuterRef("product"))
    if replaces:
        among = (OuterRef("replaces"), models.F("product_id"))
        held = held.alias(at=models.Func(*among, function="array_position", output_field=models.IntegerField()))
        about |= Q(at__isnull=False)
    return Exists(held.filter(about))


class Block(models.Model):
    """A product the rep does not want suggested to an account, for any reason: it holds until it is taken back."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    rep = models.ForeignKey("accounts.Rep", models.SET_NULL, null=True, related_name="+", verbose_name=_("rep"))
    note = models.CharField(_("why"), max_length=160, blank=True, help_text=_("For colleagues; no buyer sees it."))
    blocked_at = models.DateTimeField(_("blocked"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("block of a suggestion"), _("blocks of suggestions")
        ordering = ["-blocked_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_block_per_account_and_product")]

    def __str__(self):
        return f"{self.product_id} not for {self.account_id}"


def is_unwanted(on: date, *, replaces: bool = False) -> Q:
    """Whether what a row of (account, product) is about is dismissed on that day, or blocked by the rep."""
    blocked = Block.objects.filter(account=OuterRef("account"), product=OuterRef("product"))
    return Q(is_dismissed(on, replaces=replaces)) | Q(Exists(blocked))


class SegmentDemand(models.Model):
    """How many accounts of a segment bought a product in the last year on record, of how many that bought anything;
    only what sells best in it."""

    segment = models.CharField(_("segment"), max_length=40)
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    accounts = models.PositiveIntegerField(_("accounts"))
    of_accounts = models.PositiveIntegerField(_("of accounts"), default=0, db_default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("demand of a segment"), _("demand of segments")
        constraints = [
            models.UniqueConstraint(fields=["segment", "product"], name="one_demand_per_segment_and_product")
        ]

    def __str__(self):
        return f"{self.product_id} in {self.segment}: {self.accounts}"


class RangeGap(models.Model):
    """A product that accounts like this one buy and it does not: reckoned every night, the most usual first."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    beside = models.ForeignKey(
        "catalogue.Product", models.CASCADE, null=True, related_name="+", verbose_name=_("what it buys of the category")
    )
    accounts = models.PositiveIntegerField(_("accounts like it that buy it"))
    of_accounts = models.PositiveIntegerField(_("of accounts"))
    place = models.PositiveSmallIntegerField(_("place"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("gap in a range"), _("gaps in ranges")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_gap_of_a_product")]

    def __str__(self):
        return f"{self.product_id} missing at {self.account_id}"


class Shortage(models.Model):
    """A regular SKU that will not be there when its account needs it again: reckoned every night, and anew when supply
    changes or the account orders.

    `on_hand` is free today, `is_claimed` says that it would do, were it not that others are expected to need it before.
    `comes_on` is when the next delivery is due (None: none is under way), `ready_on` when all of it is ready if it is
    ordered now.
    """

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    needed_on = models.DateField(_("needed"))
    quantity = models.PositiveIntegerField(_("usual quantity"))
    on_hand = models.PositiveIntegerField(_("on hand"))
    is_claimed = models.BooleanField(_("expected to go to others before"), default=False)
    comes_on = models.DateField(_("next delivery"), null=True, blank=True)
    ready_on = models.DateField(_("ready if ordered now"))
    substitute = models.ForeignKey(
        "catalogue.Product", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("substitute")
    )
    substitute_on = models.DateField(_("substitute ready"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("noticed"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("shortage ahead"), _("shortages ahead")
        ordering = ["needed_on", "id"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_shortage_of_a_product")]
        indexes = [models.Index(fields=["account", "needed_on"], name="shortage_of_account")]

    def __str__(self):
        return f"{self.quantity} of {self.product_id} on {self.needed_on}"


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


class SuggestionKind(models.TextChoices):
    """What is suggested, by how it was found."""

    NEXT_ORDER = "next_order", _("due to reorder")
    GOES_WITH = "goes_with", _("goes with it")
    USUALLY_ADDED = "usually_added", _("usually added")
    MISSING_RANGE = "missing_range", _("missing from the range")
    SUBSTITUTE = "substitute", _("substitute")
    SAVING = "saving", _("costs less")
    SERVICE = "service", _("service that fits")
    PICK = "pick", _("picked by the rep")


class SuggestionPlace(models.TextChoices):
    """Where it is suggested."""

    HOME = "home", _("home page")
    CART = "cart", _("cart")
    QUICK_ORDER = "quick_order", _("quick order")
    PRODUCT = "product", _("product page")
    CONFIRMATION = "confirmation", _("order confirmation")
    SEARCH = "search", _("empty search")
    NEXT_ORDER = "next_order", _("page of the next order")
    MAIL = "mail", _("weekly letter")
    API = "api", _("API")


class SuggestionTerms(models.Model):
    """What operations set about suggestions: one row. Without it, what stands here counts."""

    held_out_percent = models.PositiveSmallIntegerField(
        _("share that gets none, in percent"), default=10, validators=[MaxValueValidator(50)],
        help_text=_("Always the same accounts: so that it can be told what suggestions earn. What they ask for "
                    "themselves, such as the page of the next order, and what their rep picked, they get as well."),
    )  # fmt: skip
    held_out_since = models.DateField(
        _("share as it is since"), null=True, blank=True, editable=False,
        help_text=_("What was earned is compared from that day on."),
    )  # fmt: skip
    writes_letters = models.BooleanField(_("weekly letter about the next order"), default=True)
    letter_hour = models.PositiveSmallIntegerField(
        _("hour of the letter"), default=7, validators=[MaxValueValidator(11)], help_text=_("By the reader's clock.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("terms of suggestions"), _("terms of suggestions")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1, held_out_percent__lte=50, letter_hour__lte=11), name="one_row_of_suggestion_terms"
            )
        ]

    def __str__(self):
        return f"{self.held_out_percent} %"


class SuggestionTrace(models.Model):
    """What a contact last did with a product in one place, by day: kept as long as a purchase may follow from it."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    kind = models.CharField(_("kind"), max_length=13, choices=SuggestionKind.choices)
    place = models.CharField(_("place"), max_length=12, choices=SuggestionPlace.choices)
    shown_on = models.DateField(_("shown"), null=True, blank=True)
    clicked_on = models.DateField(_("clicked"), null=True, blank=True)
    added_on = models.DateField(_("put into the cart"), null=True, blank=True)
    touched_at = models.DateTimeField(_("last changed"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("trace of a suggestion"), _("traces of suggestions")
        ordering = ["-touched_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "product", "kind", "place"], name="one_trace_of_a_suggestion")
        ]
        indexes = [
            models.Index(fields=["account", "product"], name="trace_of_account"),
            models.Index(fields=["touched_at"], name="trace_touched"),
        ]

    def __str__(self):
        return f"{self.product_id} for {self.contact_id}: {self.kind}, {self.place}"


class SuggestionDay(models.Model):
    """What all contacts did with suggestions of a kind in a place on a day; each product counts once a contact."""

    on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=13, choices=SuggestionKind.choices)
    place = models.CharField(_("place"), max_length=12, choices=SuggestionPlace.choices)
    shown = models.PositiveIntegerField(_("shown"), default=0)
    clicked = models.PositiveIntegerField(_("clicked"), default=0)
    added = models.PositiveIntegerField(_("put into the cart"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("day of suggestions"), _("days of suggestions")
        ordering = ["-on", "kind", "place"]
        constraints = [models.UniqueConstraint(fields=["on", "kind", "place"], name="one_row_a_day_of_suggestions")]

    def __str__(self):
        return f"{self.on} {self.kind}, {self.place}"


class SuggestionSale(models.Model):
    """An order line that a suggestion led to. What it is worth stands in the line, also when that is changed later."""

    line = models.OneToOneField("ordering.OrderLine", models.CASCADE, related_name="+", verbose_name=_("order line"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    kind = models.CharField(_("kind"), max_length=13, choices=SuggestionKind.choices)
    place = models.CharField(_("place"), max_length=12, choices=SuggestionPlace.choices)
    on = models.DateField(_("ordered"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("sale by a suggestion"), _("sales by suggestions")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["on"], name="sale_by_suggestion_day")]

    def __str__(self):
        return f"{self.line_id}: {self.kind}, {self.place}"


class NextOrderLetter(models.Model):
    """The letter of a week that told a contact what is due, and of which lines. Its row is made before it is sent."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    week_on = models.DateField(_("week that begins on"))
    on = models.DateField(_("day by the reader's clock"))
    lines = models.JSONField(_("products and quantities"), default=list)
    claimed_at = models.DateTimeField(_("begun"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    used_at = models.DateTimeField(_("put into the cart"), null=True, blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("letter about a next order"), _("letters about next orders")
        ordering = ["-claimed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["contact", "week_on"], name="one_next_order_letter_a_week")]
        indexes = [models.Index(fields=["on"], name="next_order_letter_day")]

    def __str__(self):
        return f"{self.contact_id}, {self.on}"


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
