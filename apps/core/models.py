"""Tables without a business noun: what happened, what was mailed, which requests were answered."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened: audit trail, outbox and webhook feed in one row, written in its transaction.

    `subject` is `noun:public-number`. `account_ref` is the id of the account it belongs to, without a foreign key:
    core knows no accounts.
    """

    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    account_ref = models.BigIntegerField(null=True)
    actor_user_ref = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    acting_for_ref = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    dispatched_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["account_ref", "-occurred_at"], name="event_account_timeline"),
            models.Index(fields=["subject", "occurred_at"], name="event_subject_history"),
            models.Index(fields=["id"], name="event_undispatched", condition=models.Q(dispatched_at=None)),
        ]
        verbose_name, verbose_name_plural = _("event"), _("events")

    def __str__(self):
        return f"{self.name} {self.subject}"


class OutgoingMail(models.Model):
    """A message that is sent at most once, known by its key."""

    class State(models.TextChoices):
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed, will be tried again")
        UNKNOWN = "unknown", _("handed over, outcome unknown")

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=255)
    account_ref = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices)
    error = models.TextField(blank=True)
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["claimed_at"], name="mail_unsettled", condition=~models.Q(state="sent")),
        ]
        verbose_name, verbose_name_plural = _("outgoing mail"), _("outgoing mail")

    def __str__(self):
        return f"{self.subject} to {self.to}"


class IncomingMail(models.Model):
    """A mail that came in, known by the hash of its Message-ID, and what became of it. Neither address nor words.

    `sender_key` is an HMAC of the sender's address: how many came from one can be counted, who it was is not told.
    """

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("put where it belongs")
        MACHINE = "machine", _("written by a machine, kept off")
        UNKNOWN = "unknown", _("to an address that is not ours")
        EMPTY = "empty", _("without a word")
        TOO_LARGE = "too_large", _("too large")
        WAITING = "waiting", _("of somebody we do not know, waits for the desk")
        HELD = "held", _("too many at once, held back")

    key = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    sender_key = models.CharField(max_length=64, blank=True, default="", db_default="")
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name, verbose_name_plural = _("incoming mail"), _("incoming mail")
        indexes = [
            models.Index(fields=["sender_key", "received_at"], name="mail_of_sender"),
            models.Index(fields=["subject", "received_at"], name="mail_on_subject", condition=~models.Q(subject="")),
        ]

    def __str__(self):
        return f"{self.outcome} {self.subject}"


class IdempotentRequest(models.Model):
    """A request that was answered: the same key and body gets the same answer again."""

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_idempotency_key")]
        verbose_name, verbose_name_plural = _("answered request"), _("answered requests")

    def __str__(self):
        return f"{self.owner} {self.key}"


class ParkedReaction(models.Model):
    """A reaction that failed every time it was tried, kept with its error until operations try it again."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="parked")
    task_name = models.CharField(max_length=120)
    error = models.TextField()
    parked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "task_name"], name="one_parking_place_per_reaction")]
        verbose_name, verbose_name_plural = _("parked reaction"), _("parked reactions")

    def __str__(self):
        return f"{self.task_name} for {self.event_id}"


class Feed(models.Model):
    """What a feed of another system of the house brought, and what became of its rows."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("stock")
        PRICES = "prices", _("prices")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    source = models.CharField(_("source"), max_length=200)
    is_full = models.BooleanField(_("full"), default=False)
    report = models.JSONField(_("report"))
    received_at = models.DateTimeField(_("received"), db_index=True)
    received_from = models.CharField(_("from"), max_length=120, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("feed"), _("feeds")
        ordering = ["-received_at", "-id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.source}"
