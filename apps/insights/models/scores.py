"""Answers counted as they come in, so that years of them are read as some thousand sums.

A month is that of the answer in UTC, its first day. The counts have no check: the database asks it of what an upsert
proposes, and an answer that changed proposes one less of what it was.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CountedAnswer(models.Model):
    """An answer as it stands in the sums: its value (+1, 0, -1), the role it was given in, what its delivery went by.

    Role and parts stay as they were when it was counted, whatever becomes of the contact or the product. A part is
    "persona:code", "warehouse:code", "carrier:name", "supplier:name" or "category:id" (the topmost); with nothing after
    the colon where it is not known; the last four only where the answer is about a delivery. `was` is the value before
    the latest; what was counted before there were personas `has_persona` not, until `count_missed` comes to it.
    """

    answer = models.OneToOneField(
        "feedback.Answer", models.CASCADE, primary_key=True, related_name="counted", verbose_name=_("answer")
    )
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    month = models.DateField(_("month"))
    role = models.CharField(_("role"), max_length=15, blank=True)
    parts = ArrayField(models.CharField(max_length=100), verbose_name=_("what the delivery went by"))
    value = models.SmallIntegerField(_("value"))
    was = models.SmallIntegerField(null=True, editable=False)
    has_persona = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("counted answer"), _("counted answers")
        indexes = [
            models.Index(fields=["answer"], name="counted_without_persona", condition=Q(has_persona=False)),
            GinIndex(fields=["parts"], name="counted_answer_by_part"),
            models.Index(fields=["account", "month"], name="counted_answer_of_account"),
        ]

    def __str__(self):
        return f"{self.answer_id}: {self.value}"


class ScoreMonth(models.Model):
    """What one account said in a month, in one role."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    month = models.DateField(_("month"))
    role = models.CharField(_("role"), max_length=15, blank=True)
    promoters = models.IntegerField(_("promoters"))
    passives = models.IntegerField(_("passives"))
    detractors = models.IntegerField(_("detractors"))

    class Meta:
        verbose_name, verbose_name_plural = _("score of a month"), _("scores of months")
        indexes = [
            models.Index(
                fields=["month"], name="score_month_by_month",
                include=["account", "role", "promoters", "passives", "detractors"],
            )
        ]  # fmt: skip
        constraints = [models.UniqueConstraint(fields=["account", "month", "role"], name="one_score_month")]

    def __str__(self):
        return f"{self.account_id} {self.month}"


class ScorePart(models.Model):
    """What one account said in a month about deliveries that went by one part (see `CountedAnswer`)."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    month = models.DateField(_("month"))
    part = models.CharField(_("part"), max_length=100)
    promoters = models.IntegerField(_("promoters"))
    passives = models.IntegerField(_("passives"))
    detractors = models.IntegerField(_("detractors"))

    class Meta:
        verbose_name, verbose_name_plural = _("score of a part"), _("scores of parts")
        indexes = [
            models.Index(
                fields=["month", "part"], name="score_part_by_month", opclasses=["date_ops", "varchar_pattern_ops"]
            )
        ]
        constraints = [models.UniqueConstraint(fields=["account", "month", "part"], name="one_score_part")]

    def __str__(self):
        return f"{self.account_id} {self.month} {self.part}"
