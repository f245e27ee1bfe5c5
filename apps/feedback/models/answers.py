"""Answers, with the delivery's facts frozen on them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.feedback.models.invitations import Invitation


class Answer(models.Model):
    """A confirmed answer, 0 to 10, with the facts of the delivery it is about as they were when given."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail link")
        PORTAL = "portal", _("portal")
        API = "api", _("API")

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="answer", verbose_name=_("invitation"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="answers", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, related_name="answers", verbose_name=_("contact")
    )
    score = models.PositiveSmallIntegerField(_("score"))
    drivers = models.JSONField(_("drivers"), default=list, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    facts = models.JSONField(_("delivery facts"), default=dict)
    answered_at = models.DateTimeField(_("answered"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("answer"), _("answers")
        ordering = ["-answered_at"]
        indexes = [
            models.Index(fields=["account", "-answered_at"], name="answer_of_account"),
            models.Index(fields=["answered_at"], name="answer_by_time", include=["score", "account"]),
        ]
        constraints = [models.CheckConstraint(condition=Q(score__lte=10), name="score_from_0_to_10")]

    def __str__(self):
        return f"{self.score}"
