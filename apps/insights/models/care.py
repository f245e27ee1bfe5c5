"""How accounts are looked after: what is aimed at, how often they are seen, what was talked about, who takes over."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet, Actor


class RevenueTarget(models.Model):
    """What is to be invoiced in a quarter or a year, net, in the house's currency: by a rep's accounts, or by one."""

    class Period(models.TextChoices):
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    rep = models.ForeignKey(
        "accounts.Rep", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("rep")
    )
    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    period = models.CharField(_("period"), max_length=8, choices=Period.choices)
    starts_on = models.DateField(_("starts"), help_text=_("The first day of the quarter or year."))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    set_by_name = models.CharField(_("set by"), max_length=120, blank=True)
    set_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name, verbose_name_plural = _("revenue target"), _("revenue targets")
        ordering = ["-starts_on", "period", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="target_above_nothing"),
            models.CheckConstraint(
                condition=Q(rep__isnull=True, account__isnull=False) | Q(rep__isnull=False, account__isnull=True),
                name="target_of_a_rep_or_an_account",
                violation_error_message=_("Name either a rep or an account."),
            ),
            models.UniqueConstraint(
                fields=["rep", "account", "period", "starts_on"], name="one_target_a_period", nulls_distinct=False
            ),
        ]

    def __str__(self):
        return f"{self.rep or self.account}: {self.get_period_display()} {self.starts_on}"


class CoverRule(models.Model):
    """How often the accounts of a class are visited and spoken to; a class begins at so much worth a year."""

    grade = models.CharField(_("class"), max_length=1, unique=True, choices=[(each, each) for each in "ABC"])
    least_worth = models.DecimalField(
        _("from a worth of"), max_digits=14, decimal_places=2,
        help_text=_("A year's revenue and a third of what is missing to its potential, in the house's currency."),
    )  # fmt: skip
    visit_days = models.PositiveSmallIntegerField(_("a visit every so many days"), help_text=_("0: no visits."))
    contact_days = models.PositiveSmallIntegerField(_("a contact every so many days"), help_text=_("0: none."))

    class Meta:
        verbose_name, verbose_name_plural = _("rule of cover"), _("rules of cover")
        ordering = ["grade"]

    def __str__(self):
        return self.grade


class CallReport(models.Model):
    """A visit, a call or another talk with somebody at an account, with what came of it."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("visit")
        CALL = "call", _("call")
        VIDEO = "video", _("video call")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    rep = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("rep")
    )
    by_name = models.CharField(_("by"), max_length=120)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    held_on = models.DateField(_("held"))
    note = models.TextField(_("note"), blank=True)
    next_step = models.CharField(_("next step"), max_length=160, blank=True)
    next_on = models.DateField(_("next step by"), null=True, blank=True)
    key = models.CharField(max_length=40, editable=False)
    written_at = models.DateTimeField(_("written"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("call report"), _("call reports")
        ordering = ["-held_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_call_report_a_form")]
        indexes = [models.Index(fields=["account", "kind", "-held_on"], name="call_report_of_account")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.held_on}"


class AccountNote(models.Model):
    """A word among colleagues about an account; customers never read it."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    by_name = models.CharField(_("by"), max_length=120)
    body = models.TextField(_("note"))
    key = models.CharField(max_length=40, editable=False)
    written_at = models.DateTimeField(_("written"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("note on an account"), _("notes on accounts")
        ordering = ["-written_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_note_a_form")]
        indexes = [models.Index(fields=["account", "-written_at"], name="note_of_account")]

    def __str__(self):
        return self.body[:60]


class Mention(models.Model):
    """A colleague named in a note. It stands on their Today until they have opened the note's account."""

    note = models.ForeignKey(AccountNote, models.CASCADE, related_name="mentions", verbose_name=_("note"))
    rep = models.ForeignKey("accounts.Rep", models.CASCADE, related_name="+", verbose_name=_("who"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("mention"), _("mentions")
        constraints = [models.UniqueConstraint(fields=["note", "rep"], name="one_mention_a_note")]
        indexes = [models.Index(fields=["rep"], name="mention_unread", condition=Q(read_at=None))]

    def __str__(self):
        return f"@{self.rep}"


class HandOverQuerySet(AccountOwnedQuerySet):
    def visible_to(self, actor: Actor):
        """Of the accounts the actor sees, and what a rep gives or takes: also before and after the day."""
        if actor.rep_id is None or actor.account_id is not None or actor.sees_everything:
            return super().visible_to(actor)
        return self.filter(Q(account__rep=actor.rep_id) | Q(giver=actor.rep_id) | Q(taker=actor.rep_id))


class HandOver(models.Model):
    """An account goes from one rep to another on a day, with what the next one must know.

    `facts` are what the summary was made from, as they were then; `summary` is what was made of them by who hands over.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        DONE = "done", _("handed over")
        CANCELLED = "cancelled", _("called off")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    giver = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("from")
    )
    taker = models.ForeignKey("accounts.Rep", models.CASCADE, related_name="+", verbose_name=_("to"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PLANNED)
    effective_on = models.DateField(_("from the day"))
    summary = models.TextField(_("summary"))
    facts = models.JSONField(_("facts"), default=list)
    tells_customer = models.BooleanField(_("tell the customer"), default=False)
    by_name = models.CharField(_("arranged by"), max_length=120)
    arranged_at = models.DateTimeField(_("arranged"))
    done_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("hand-over"), _("hand-overs")
        ordering = ["-arranged_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account"], name="one_hand_over_planned", condition=Q(state="planned"))
        ]
        indexes = [
            models.Index(fields=["effective_on"], name="hand_over_due", condition=Q(state="planned")),
            models.Index(fields=["taker"], name="hand_over_unread", condition=Q(state="done", read_at=None)),
            models.Index(fields=["account", "-arranged_at"], name="hand_over_of_account"),
        ]

    def __str__(self):
        return f"{self.account} → {self.taker}"


class HealthScore(models.Model):
    """How an account was on a day (`rules.health`), and its worth: a year's orders and its potential.

    `potential` is what it would order a year if it bought in each category as much as accounts like it do, and no less
    than now. Both in the house's currency; None where they are not known.
    """

    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"), db_index=False
    )  # the unique constraint begins with it
    on = models.DateField(_("day"))
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    parts = models.JSONField(_("parts"), default=dict)
    a_year = models.DecimalField(_("ordered in a year"), max_digits=14, decimal_places=2, null=True)
    potential = models.DecimalField(_("potential in a year"), max_digits=14, decimal_places=2, null=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("health of a day"), _("health of days")
        constraints = [models.UniqueConstraint(fields=["account", "on"], name="one_health_a_day")]
        indexes = [models.Index(fields=["on"], name="health_by_day")]

    def __str__(self):
        return f"{self.account_id} {self.on}: {self.score}"


class VisitDay(models.Model):
    """A rep's day of visits as it was planned: from where, in which order, when, and how far."""

    rep = models.ForeignKey("accounts.Rep", models.CASCADE, related_name="+", verbose_name=_("rep"))
    day = models.DateField(_("day"))
    start_name = models.CharField(_("from"), max_length=120)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5)
    leaves_at = models.TimeField(_("sets out"))
    kilometres = models.PositiveIntegerField(_("kilometres"), default=0)
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name, verbose_name_plural = _("day of visits"), _("days of visits")
        constraints = [models.UniqueConstraint(fields=["rep", "day"], name="one_plan_a_day")]

    def __str__(self):
        return f"{self.rep} {self.day}"


class VisitStop(models.Model):
    """An account on a day of visits."""

    of = models.ForeignKey(VisitDay, models.CASCADE, related_name="stops", verbose_name=_("day of visits"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    position = models.PositiveSmallIntegerField(_("position"))
    arrives_at = models.TimeField(_("arrives"))
    leaves_at = models.TimeField(_("leaves"))
    kilometres = models.PositiveIntegerField(_("kilometres"), default=0)
    about = models.TextField(_("about"), blank=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("stop of a day of visits"), _("stops of days of visits")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["of", "account"], name="one_stop_an_account")]

    def __str__(self):
        return f"{self.position} {self.account}"
