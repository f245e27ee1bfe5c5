"""Answers, each with what it is about and that delivery's facts as they were."""

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.feedback.models.invitations import Invitation


class AnswerQuerySet(AccountOwnedQuerySet):
    def nps(self):
        """Those that say how likely somebody is to recommend us: whatever reads scores starts here."""
        return self.filter(kind=Answer.Kind.NPS)


class Answer(models.Model):
    """A confirmed answer with the facts of what it is about as they were when given.

    What was asked for is its kind: 0 to 10 for recommending us or ordering again, 1 to 7 for how easy it was to have
    something put right.
    """

    class Kind(models.TextChoices):
        NPS = "nps", _("would recommend us")
        EFFORT = "effort", _("how easy it was")
        NEED = "need", _("what is missing")
        AGAIN = "again", _("would order again")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail link")
        PORTAL = "portal", _("portal")
        API = "api", _("API")

    invitation = models.OneToOneField(Invitation, models.RESTRICT, related_name="answer", verbose_name=_("invitation"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="answers", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, db_index=False, related_name="answers",
        verbose_name=_("contact"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.NPS, db_default=Kind.NPS.value)
    shipment = models.ForeignKey(
        "fulfilment.Shipment", models.SET_NULL, null=True, blank=True, db_index=False, related_name="answers",
        verbose_name=_("shipment"),
    )  # fmt: skip
    case = models.ForeignKey(
        "cases.Case", models.SET_NULL, null=True, blank=True, db_index=False, related_name="answers",
        verbose_name=_("case"),
    )  # fmt: skip
    order = models.ForeignKey(
        "ordering.Order", models.SET_NULL, null=True, blank=True, db_index=False, related_name="answers",
        verbose_name=_("order"),
    )  # fmt: skip
    score = models.PositiveSmallIntegerField(_("score"))
    drivers = models.JSONField(_("drivers"), default=list, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    language = models.CharField(_("language of the comment"), max_length=2, blank=True, default="", db_default="")
    #: What the comment is about: theme -> the word that tells it. Read from the vocabulary, and read anew with it.
    themes = models.JSONField(_("themes"), default=dict, db_default=Value({}, models.JSONField()), blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    facts = models.JSONField(_("delivery facts"), default=dict)
    answered_at = models.DateTimeField(_("answered"))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("answer"), _("answers")
        ordering = ["-answered_at"]
        indexes = [
            models.Index(fields=["account", "-answered_at"], name="answer_of_account"),
            models.Index(fields=["contact", "answered_at"], name="answer_of_contact"),
            models.Index(fields=["answered_at"], name="answer_by_time", include=["score", "account"]),
            models.Index(
                fields=["answered_at"], name="answer_nps_by_time", include=["score", "account"], condition=Q(kind="nps")
            ),
            models.Index(fields=["shipment"], name="answer_about_shipment", condition=Q(shipment__isnull=False)),
            models.Index(fields=["case"], name="answer_about_case", condition=Q(case__isnull=False)),
            models.Index(fields=["order"], name="answer_about_order", condition=Q(order__isnull=False)),
            models.Index(
                fields=["-answered_at"],
                name="answer_in_words",
                include=["account", "score", "kind", "language", "themes"],
                condition=~Q(comment=""),
            ),
        ]
        constraints = [models.CheckConstraint(condition=Q(score__lte=10), name="score_from_0_to_10")]

    def __str__(self):
        return f"{self.score}"
