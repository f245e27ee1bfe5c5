"""Programmes: when, whom and how often to ask, and with which words."""

from dataclasses import fields
from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Contact
from apps.feedback.rules import Policy, nps_band

# The usual words, translated where they are shown.
QUESTION = gettext_noop("How likely are you to recommend us to a colleague in your trade?")
ASKED_DETRACTOR = gettext_noop("What went wrong, and what should we put right first?")
ASKED_PASSIVE = gettext_noop("What would have made it a 9?")
ASKED_PROMOTER = gettext_noop("What did we do well, and what do you need next?")


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
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.window_from and self.window_to and self.window_from >= self.window_to:
            raise ValidationError({"window_to": _("The hours end before they begin.")})

    @property
    def scale(self) -> str:
        """What is answered, as `Answer.kind` calls it: "nps" and "again" from 0 to 10, "effort" from 1 to 7."""
        return {self.Kind.CASE: "effort", self.Kind.LAPSED: "again"}.get(self.kind, "nps")

    @property
    def policy(self) -> Policy:
        """The asking rules as the verdicts take them."""
        return Policy(**{field.name: getattr(self, field.name) for field in fields(Policy)})

    @property
    def asks(self) -> str:
        """The question in the reader's language; words of operations' own as they were written."""
        return in_words(self.question)

    def follow_up(self, score: int) -> str:
        """The second question, fitted to the score, in the reader's language likewise."""
        return in_words(getattr(self, f"follow_up_{nps_band(score)}"))


def in_words(text: str) -> str:
    """A question in the reader's language where it is one of the usual ones, else as it stands."""
    return gettext(text) if text in (QUESTION, ASKED_DETRACTOR, ASKED_PASSIVE, ASKED_PROMOTER) else text
