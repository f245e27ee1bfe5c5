"""Programmes: when, whom and how often to ask, and with which words."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import time
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Contact
from apps.availability.models import Warehouse
from apps.feedback.models.usual import ASKED_DETRACTOR, ASKED_PASSIVE, ASKED_PROMOTER, QUESTION, in_words, scale_words
from apps.feedback.rules import House, Policy, Trigger, band_of

WORDS = ("question", "follow_up_detractor", "follow_up_passive", "follow_up_promoter")


def _texts(label: str, about: str, length: int):
    return ArrayField(
        models.CharField(max_length=length), verbose_name=label, default=list, blank=True, help_text=about,
        db_default=Value([], ArrayField(models.CharField(max_length=length))),
    )  # fmt: skip


class Programme(models.Model):
    """When, whom and how often to ask about one kind of subject; every default of the asking rules is a field."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", _("after a delivery")
        CASE = "case", _("after a case was resolved")
        RELATIONSHIP = "relationship", _("every half-year")
        FIRST_ORDER = "first_order", _("after the first order")
        LAPSED = "lapsed", _("after a long silence")

    class Series(models.TextChoices):
        MAIN = "main", _("customers")
        END_USERS = "end_users", _("end users")
        INTERMEDIARIES = "intermediaries", _("intermediaries")
        BY_PERSONA = "by_persona", _("each by their persona")

    class Outcome(models.TextChoices):
        ANY = "any", _("any")
        PERFECT = "perfect", _("perfect ones")
        FAILED = "failed", _("failed ones, after the fix")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("asks"), max_length=12, choices=Kind.choices, default=Kind.DELIVERY, db_default=Kind.DELIVERY.value
    )
    is_active = models.BooleanField(_("active"), default=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=100, db_default=100, help_text=_("Of programmes of one kind the lowest number is first.")
    )
    personas = ArrayField(
        models.CharField(max_length=20, choices=Contact.Persona.choices), verbose_name=_("personas"), default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=20))), blank=True,
    )  # fmt: skip
    series = models.CharField(
        _("counted with"), max_length=14, choices=Series.choices, default=Series.MAIN, db_default=Series.MAIN.value
    )
    minimum_net = models.DecimalField(
        _("from a net value of"), max_digits=12, decimal_places=2, default=0, db_default=0,
        validators=[MinValueValidator(0)], help_text=_("In the currency of the house; 0 means any."),
    )  # fmt: skip
    outcome = models.CharField(
        _("deliveries"), max_length=7, choices=Outcome.choices, default=Outcome.ANY, db_default=Outcome.ANY.value
    )
    warehouses = _texts(_("warehouses"), _("Codes with commas between them; empty: any."), 20)
    carriers = _texts(_("carriers"), _("Names with commas between them; empty: any."), 80)
    segments = _texts(_("segments"), _("With commas between them; empty: any."), 40)
    countries = _texts(_("countries"), _("Codes of two letters with commas between them; empty: any."), 2)
    share_percent = models.PositiveSmallIntegerField(
        _("share of these, in percent"), default=100, db_default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Which ones is drawn once for each delivery."),
    )  # fmt: skip
    delay_days = models.PositiveSmallIntegerField(_("local days after delivery"), default=2)
    window_from = models.TimeField(_("earliest local time"), default=time(9))
    window_to = models.TimeField(_("latest local time"), default=time(17))
    expires_days = models.PositiveSmallIntegerField(_("expires after days"), default=14)
    reminder_days = models.PositiveSmallIntegerField(
        _("reminder after working days"), default=4, help_text=_("0 means none")
    )
    contact_rest_days = models.PositiveSmallIntegerField(_("rest per contact in days"), default=90)
    account_cap = models.PositiveSmallIntegerField(
        _("asks per account"), default=2, help_text=_("0 means as many as there are deliveries")
    )
    account_cap_days = models.PositiveSmallIntegerField(_("within days"), default=30)
    question = models.CharField(_("question"), max_length=200, default=QUESTION)
    follow_up_detractor = models.CharField(_("asked after 0 to 6"), max_length=200, default=ASKED_DETRACTOR)
    follow_up_passive = models.CharField(_("asked after 7 or 8"), max_length=200, default=ASKED_PASSIVE)
    follow_up_promoter = models.CharField(_("asked after 9 or 10"), max_length=200, default=ASKED_PROMOTER)

    class Meta:
        verbose_name, verbose_name_plural = _("survey programme"), _("survey programmes")
        indexes = [models.Index(fields=["kind", "priority"], name="programme_by_kind")]
        constraints = [
            models.CheckConstraint(condition=Q(window_to__gt=F("window_from")), name="survey_window_opens_then_closes"),
            models.CheckConstraint(
                condition=Q(share_percent__gte=1, share_percent__lte=100), name="programme_asks_a_share"
            ),
            models.CheckConstraint(condition=Q(minimum_net__gte=0), name="programme_asks_from_a_value"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        wrong = {}
        if self.window_from and self.window_to and self.window_from >= self.window_to:
            wrong["window_to"] = _("The hours end before they begin.")
        same = Programme.objects.filter(kind=self.kind, priority=self.priority).exclude(pk=self.pk).first()
        if same:
            wrong["priority"] = _("“%(name)s” has this priority already: give one of the two another.") % {
                "name": same.name
            }
        self.warehouses = [code.strip() for code in self.warehouses]
        unknown = set(self.warehouses).difference(Warehouse.objects.values_list("code", flat=True))
        if unknown:
            wrong["warehouses"] = _("There is no warehouse %(codes)s.") % {"codes": ", ".join(sorted(unknown))}
        self.countries = [code.strip().upper() for code in self.countries]
        unknown = {code for code in self.countries if not (len(code) == 2 and code.isascii() and code.isalpha())}
        if unknown:
            wrong["countries"] = _("Not the two letters of a country: %(codes)s.") % {
                "codes": ", ".join(sorted(unknown))
            }
        if wrong:
            raise ValidationError(wrong)

    @property
    def scale(self) -> str:
        """What is answered, as `Answer.kind` calls it: "nps" and "again" from 0 to 10, "effort" from 1 to 7."""
        return {self.Kind.CASE: "effort", self.Kind.LAPSED: "again"}.get(self.kind, "nps")

    def series_of(self, persona: str) -> str:
        """With whom the answer of somebody of a persona is counted."""
        if self.series != self.Series.BY_PERSONA:
            return self.series
        apart = {
            Contact.Persona.END_USER: self.Series.END_USERS,
            Contact.Persona.INTERMEDIARY: self.Series.INTERMEDIARIES,
        }
        return apart.get(persona, self.Series.MAIN)

    @property
    def scale_words(self) -> tuple[str, str]:
        """What the two ends of the scale mean, in the reader's language."""
        return scale_words(self.kind)

    @property
    def policy(self) -> Policy:
        """The asking rules as the verdicts take them, without the limits of the house."""
        own = {field.name for field in fields(Policy)} - {"house"}
        return Policy(**{name: getattr(self, name) for name in own})

    @property
    def trigger(self) -> Trigger:
        """What it asks about."""
        return Trigger(
            minimum_net=Decimal(self.minimum_net),
            outcome=self.outcome,
            warehouses=frozenset(self.warehouses),
            carriers=frozenset(carrier.strip().casefold() for carrier in self.carriers),
            segments=frozenset(segment.strip().casefold() for segment in self.segments),
            countries=frozenset(self.countries),
            share_percent=self.share_percent,
        )

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """Language -> what is asked in it; the programme's own words under "". One query, unless fetched before."""
        own = {name: getattr(self, name) for name in WORDS}
        if self.pk is None:
            return {"": own}
        said = {row.language: {name: getattr(row, name) for name in WORDS if getattr(row, name)}
                for row in self.translations.all()}  # fmt: skip
        return {"": own, **said}

    @property
    def asks(self) -> str:
        """The question in the reader's language."""
        return worded(self.words, "question")

    def follow_up(self, score: int) -> str:
        """The second question, fitted to the score, in the reader's language likewise."""
        return worded(self.words, f"follow_up_{band_of(self.scale, score)}")


def worded(words: Mapping[str, Mapping[str, str]], name: str, language: str | None = None) -> str:
    """One of `WORDS` in a language (the reader's, unless given): in its own words, in those of its base ("pt" for
    "pt-br"), else the programme's own, which are translated where they are the usual ones."""
    language = (language or get_language() or "").lower()
    for known in (language, language.partition("-")[0]):
        if known and words.get(known, {}).get(name):
            return words[known][name]
    return in_words(words[""][name])


class ProgrammeWords(models.Model):
    """The words of a programme in one language; what is left empty is asked in the programme's own."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="translations", verbose_name=_("programme"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    question = models.CharField(_("question"), max_length=200, blank=True)
    follow_up_detractor = models.CharField(_("asked after 0 to 6"), max_length=200, blank=True)
    follow_up_passive = models.CharField(_("asked after 7 or 8"), max_length=200, blank=True)
    follow_up_promoter = models.CharField(_("asked after 9 or 10"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("words in a language"), _("words in other languages")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "language"], name="words_of_a_language_once"),
        ]

    def __str__(self):
        return self.get_language_display()


class RoleQuota(models.Model):
    """How often the people of one role of an account are asked in a calendar quarter; without a row, without limit."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="quotas", verbose_name=_("programme"))
    role = models.CharField(_("role"), max_length=16, choices=Contact.Role.choices)
    per_quarter = models.PositiveSmallIntegerField(
        _("asks per quarter"),
        validators=[MinValueValidator(1, _("Ask the role at least once, or leave it out of the personas."))],
    )

    class Meta:
        verbose_name, verbose_name_plural = _("quota of a role"), _("quotas of roles")
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "role"], name="quota_of_a_role_once"),
            models.CheckConstraint(condition=Q(per_quarter__gte=1), name="quota_of_at_least_one"),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.per_quarter}"


class Fatigue(models.Model):
    """What no programme may exceed: one row for the house, beside the limits of each. Without it those alone hold."""

    contact_rest_days = models.PositiveSmallIntegerField(
        _("rest per contact in days"), default=0, help_text=_("0 means as each programme says.")
    )
    contact_year_cap = models.PositiveSmallIntegerField(
        _("asks per contact in 365 days"), default=0, help_text=_("Of all programmes; 0 means no limit.")
    )
    account_cap = models.PositiveSmallIntegerField(
        _("asks per account"), default=0, help_text=_("Of all programmes; 0 means no limit.")
    )
    account_cap_days = models.PositiveSmallIntegerField(_("within days"), default=30)

    class Meta:
        verbose_name, verbose_name_plural = _("limits of the house"), _("limits of the house")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_house_limits")]

    def __str__(self):
        return gettext("Limits of the house")

    @property
    def house(self) -> House:
        """The limits as the verdicts take them."""
        return House(**{field.name: getattr(self, field.name) for field in fields(House)})
