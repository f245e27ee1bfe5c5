"""What was sent through the link of a letter before it counts, and how a confirmed answer changed afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.feedback.models.answers import Answer
from apps.feedback.models.invitations import Invitation


class VoteAttempt(models.Model):
    """A score that came through the link of a letter, by a person or by a machine: it is told by what else came.

    held -> counted | contested | late. `page` names the load of the page it was sent from; one load sends one score.
    `touches` counts what hands and keys did to that page, null where no scripts ran.
    """

    class State(models.TextChoices):
        HELD = "held", _("waiting whether another one comes")
        COUNTED = "counted", _("became the answer")
        TOO_FAST = "too_fast", _("sent faster than anybody reads")
        REUSED = "reused", _("sent from a page that had sent another score")
        CONTESTED = "contested", _("another score came within seconds")
        UNSURE = "unsure", _("nothing showed that a person sent it")
        TRAPPED = "trapped", _("pressed the button that people do not see")
        LATE = "late", _("came after the answer")

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="attempts", verbose_name=_("invitation"))
    page = models.CharField(max_length=24, editable=False)
    is_again = models.BooleanField(_("asked again"), default=False)
    touches = models.PositiveSmallIntegerField(_("touches"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    drivers = models.JSONField(_("drivers"), default=list, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    opened_at = models.DateTimeField(_("page opened"))
    posted_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name, verbose_name_plural = _("vote attempt"), _("vote attempts")
        ordering = ["posted_at", "id"]
        indexes = [
            models.Index(fields=["posted_at"], name="attempt_held", condition=Q(state="held")),
            models.Index(fields=["invitation", "posted_at"], name="attempts_of_invitation"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "page", "score"], name="one_attempt_per_page_and_score"),
            models.CheckConstraint(condition=Q(score__lte=10), name="attempt_from_0_to_10"),
            models.CheckConstraint(
                condition=Q(score__isnull=False) | Q(state="trapped"), name="only_the_trap_has_no_score"
            ),
        ]

    def __str__(self):
        return self.state if self.score is None else f"{self.score} {self.state}"


class AnswerRevision(models.Model):
    """A confirmed answer was changed by who gave it: what it said before and after."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="revisions", verbose_name=_("answer"))
    number = models.PositiveSmallIntegerField(_("revision"))
    old_score = models.PositiveSmallIntegerField(_("score before"))
    new_score = models.PositiveSmallIntegerField(_("score after"))
    old_drivers = models.JSONField(_("drivers before"), default=list, blank=True)
    old_comment = models.TextField(_("comment before"), blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Answer.Channel.choices)
    revised_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name, verbose_name_plural = _("change of an answer"), _("changes of answers")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="one_revision_of_a_number"),
            models.CheckConstraint(condition=Q(number__gte=2), name="a_revision_counts_from_two"),
            models.CheckConstraint(condition=Q(new_score__lte=10), name="revision_from_0_to_10"),
        ]

    def __str__(self):
        return f"{self.old_score} > {self.new_score}"
