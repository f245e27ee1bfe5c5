"""What becomes of suggestions: who gets them, what was seen, taken and ordered."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


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
