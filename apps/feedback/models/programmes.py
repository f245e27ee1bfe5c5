"""Programmes: when, whom and how often to ask, and with which words."""

from dataclasses import fields
from datetime import time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from apps.feedback.rules import Policy, nps_band

# The usual words, translated where they are shown.
QUESTION = gettext_noop("How likely are you to recommend us to a colleague in your trade?")
ASKED_DETRACTOR = gettext_noop("What went wrong, and what should we put right first?")
ASKED_PASSIVE = gettext_noop("What would have made it a 9?")
ASKED_PROMOTER = gettext_noop("What did we do well, and what do you need next?")


class Programme(models.Model):
    """When, whom and how often to ask about deliveries; every default of the asking rules is a field."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)
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
        constraints = [
            models.CheckConstraint(condition=Q(window_to__gt=F("window_from")), name="survey_window_opens_then_closes"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.window_from and self.window_to and self.window_from >= self.window_to:
            raise ValidationError({"window_to": _("The hours end before they begin.")})

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
