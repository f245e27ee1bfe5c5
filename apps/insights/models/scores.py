"""Answers counted as they come in, so that years of them are read as some thousand sums.

A day is that of the answer in UTC, a month its first. The counts have no check: the database asks it of what an upsert
proposes, and an answer that changed proposes one less of what it was. A sum of nothing says as much as no sum.
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
    the colon where it is not known; the last four only where the answer is about a delivery. What it said is
    "score:9" and "promoter:delivery" for each thing it names. `was` and `had_said` are what was before the latest. What
    was counted before days were kept has no `day` and nothing `said`, nor maybe a persona, until `count_missed` comes
    to it.
    """

    answer = models.OneToOneField(
        "feedback.Answer", models.CASCADE, primary_key=True, related_name="counted", verbose_name=_("answer")
    )
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    month = models.DateField(_("month"))
    role = models.CharField(_("role"), max_length=15, blank=True)
    parts = ArrayField(models.CharField(max_length=100), verbose_name=_("what the delivery went by"))
    value = models.SmallIntegerField(_("value"))
    day = models.DateField(_("day"), null=True)
    said = ArrayField(models.CharField(max_length=100), null=True, verbose_name=_("what it said"))
    had_said = ArrayField(models.CharField(max_length=100), null=True, editable=False)
    was = models.SmallIntegerField(null=True, editable=False)
    has_persona = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("counted answer"), _("counted answers")
        indexes = [
            models.Index(fields=["answer"], name="counted_without_day", condition=Q(day=None)),
            models.Index(fields=["day"], name="counted_answer_by_day"),
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


class ScoreWindow(models.Model):
    """What one account said in one of `rules.WINDOWS`, in a role or about deliveries that went by one part.

    `way` and `key` are what stands before and after the colon of a part (see `CountedAnswer`), or "role" and the role.
    """

    name = models.CharField(_("window"), max_length=6)
    way = models.CharField(_("by"), max_length=9)
    key = models.CharField(max_length=100, blank=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    promoters = models.IntegerField(_("promoters"))
    passives = models.IntegerField(_("passives"))
    detractors = models.IntegerField(_("detractors"))

    class Meta:
        verbose_name, verbose_name_plural = _("score of a window"), _("scores of windows")
        constraints = [models.UniqueConstraint(fields=["name", "way", "key", "account"], name="one_score_window")]

    def __str__(self):
        return f"{self.name} {self.way}:{self.key} {self.account_id}"


class SaidOfDay(models.Model):
    """How many answers of a day said one thing (see `CountedAnswer`), in the whole house."""

    day = models.DateField(_("day"))
    said = models.CharField(_("what was said"), max_length=100)
    n = models.IntegerField(_("answers"))

    class Meta:
        verbose_name, verbose_name_plural = _("said of a day"), _("said of days")
        constraints = [models.UniqueConstraint(fields=["day", "said"], name="one_said_of_day")]

    def __str__(self):
        return f"{self.day} {self.said}: {self.n}"


class MonthOfHouse(models.Model):
    """What the whole house said in a month that is over: how many accounts, and what its interval takes of them.

    With n answers of an account and t, its promoters less its detractors: the sums of n², n·t and t² over accounts.
    """

    month = models.DateField(_("month"), primary_key=True)
    promoters = models.IntegerField(_("promoters"))
    passives = models.IntegerField(_("passives"))
    detractors = models.IntegerField(_("detractors"))
    accounts = models.IntegerField(_("accounts"))
    nn = models.BigIntegerField()
    nt = models.BigIntegerField()
    tt = models.BigIntegerField()

    class Meta:
        verbose_name, verbose_name_plural = _("month of the house"), _("months of the house")

    def __str__(self):
        return f"{self.month}"


class SumsStand(models.Model):
    """The one row that says on which day the windows end, and as of which day the sums of accounts are; None before
    they were made.

    Who changes what is counted holds it shared; who makes sums from all that is counted holds it alone.
    """

    day = models.DateField(_("day"), null=True)
    accounts_on = models.DateField(_("day of the sums of accounts"), null=True)
    accounts_stale_at = models.DateTimeField(_("sums of accounts to be made anew since"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("day of the windows")

    def __str__(self):
        return f"{self.day}"
