"""One decision per subject (a delivery, a case, an account's half-year): whom to ask and when, or why nobody."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.feedback.models.programmes import Programme, worded
from apps.feedback.rules import SCALES, Scale, band_of


def _one_ask_in_its_rest(name: str, **which) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[
            (Func(F("contact"), F("contact"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
            (F("rest"), RangeOperators.OVERLAPS),
        ],
        condition=Q(rest__isnull=False, contact__isnull=False, **which),
    )


class Invitation(models.Model):
    """The decision about one subject: whom to ask and when, or why not, and how the asking went.

    `subject_ref` names what it is about: "shipment:SH-1", "case:CA-1", "account:BW-1:2026H1". Only one about a delivery
    has a `shipment`.

    planned -> claimed -> sending -> sent -> answered | expired. A crash while `claimed` is taken up again; one while
    `sending` cannot be told from success, so it becomes `unknown` and is not sent again.
    """

    class State(models.TextChoices):
        SUPPRESSED = "suppressed", _("not asked")
        PLANNED = "planned", _("planned")
        CLAIMED = "claimed", _("about to be sent")
        SENDING = "sending", _("being handed over")
        SENT = "sent", _("sent")
        UNKNOWN = "unknown", _("handed over, outcome unknown")
        ANSWERED = "answered", _("answered")
        EXPIRED = "expired", _("expired")
        CANCELLED = "cancelled", _("cancelled")

    class Reason(models.TextChoices):
        NONE = "", _("asked")
        THROTTLED = "throttled", _("asked recently")
        ACCOUNT_CAP = "account_cap", _("account asked often enough")
        NO_CONSENT = "no_consent", _("no consent")
        OBJECTED = "objected", _("objected")
        NO_ADDRESS = "no_address", _("nobody with an address")
        OPEN_CASE = "open_case", _("a case is open")
        KNOWN_FAILURE = "known_failure", _("known failure, asked after the fix")
        TEST_ACCOUNT = "test_account", _("test account")
        TOO_LATE = "too_late", _("delivered too long ago")
        PROGRAMME_OFF = "programme_off", _("programme switched off")
        BOUNCED = "bounced", _("address refused by its mail server")
        ROLE_QUOTA = "role_quota", _("role asked often enough")
        NOT_MEANT = "not_meant", _("not what the programme asks about")
        OTHER_PROGRAMME = "other_programme", _("another programme asks")
        VOIDED = "voided", _("the delivery was taken back")
        NO_PERSON = "no_person", _("nobody in this role")

    RESTING = ("planned", "claimed", "sending", "sent", "unknown", "answered", "expired")
    ASKABLE = ("planned", "claimed", "sending", "sent", "unknown")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="invitations", verbose_name=_("programme"))
    subject_ref = models.CharField(_("about"), max_length=80, blank=True, default="", db_default="")
    shipment = models.ForeignKey(
        "fulfilment.Shipment", models.PROTECT, null=True, blank=True, related_name="invitations",
        verbose_name=_("shipment"),
    )  # fmt: skip
    case = models.ForeignKey(
        "cases.Case", models.SET_NULL, null=True, blank=True, db_index=False, related_name="invitations",
        verbose_name=_("case"),
    )  # fmt: skip
    order = models.ForeignKey(
        "ordering.Order", models.SET_NULL, null=True, blank=True, db_index=False, related_name="invitations",
        verbose_name=_("order"),
    )  # fmt: skip
    version = models.ForeignKey(
        "feedback.ProgrammeVersion", models.PROTECT, null=True, blank=True, db_index=False, related_name="invitations",
        verbose_name=_("version"),
    )  # fmt: skip
    series = models.CharField(
        _("counted with"), max_length=14, choices=Programme.Series.choices, default=Programme.Series.MAIN,
        db_default=Programme.Series.MAIN.value,
    )  # fmt: skip
    #: Follows something the contact began, such as a case: it neither takes nor needs the rest of the other asks.
    is_transactional = models.BooleanField(_("follows a case"), default=False, db_default=False)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("contact"),
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    window_ends_at = models.DateTimeField(_("not sent after"), null=True, blank=True)
    rest = DateTimeRangeField(null=True, editable=False)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    reminder_token_hash = models.CharField(max_length=64, blank=True, editable=False)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    reminder_due_at = models.DateTimeField(_("reminder due"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        ordering = ["-decided_at"]
        indexes = [
            models.Index(fields=["due_at"], name="invitation_due", condition=Q(state="planned")),
            models.Index(
                fields=["claimed_at"], name="invitation_in_hand", condition=Q(state__in=["claimed", "sending"])
            ),
            models.Index(fields=["reminder_due_at"], name="invitation_reminder", condition=Q(state="sent")),
            models.Index(fields=["token_hash"], name="invitation_token", condition=~Q(token_hash="")),
            models.Index(
                fields=["reminder_token_hash"],
                name="invitation_reminder_token",
                condition=~Q(reminder_token_hash=""),
            ),
            models.Index(fields=["case"], name="invitation_about_case", condition=Q(case__isnull=False)),
            models.Index(fields=["order"], name="invitation_about_order", condition=Q(order__isnull=False)),
            models.Index(fields=["account", "-due_at"], name="invitation_of_account"),
            models.Index(fields=["contact", "-due_at"], name="invitation_of_contact"),
            models.Index(fields=["contact", "sent_at"], name="invitation_sent", condition=Q(sent_at__isnull=False)),
            models.Index(
                fields=["decided_at"],
                name="invitation_withheld",
                include=["programme", "reason", "account"],
                condition=Q(state__in=["suppressed", "cancelled"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["programme", "shipment"], name="one_decision_per_delivery"),
            models.UniqueConstraint(
                fields=["programme", "subject_ref"], condition=~Q(subject_ref=""), name="one_decision_per_subject"
            ),
            _one_ask_in_its_rest("one_ask_in_a_contacts_rest", is_transactional=False),
            _one_ask_in_its_rest("one_effort_ask_in_its_rest", is_transactional=True),
        ]

    def __str__(self):
        return f"{self.subject_ref} {self.state}"

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """What is asked in which language, as it was when this was decided; of old ones, as the programme says now."""
        return self.version.words if self.version_id else self.programme.words

    @property
    def asks(self) -> str:
        """The question in the reader's language."""
        return worded(self.words, "question")

    def follow_up(self, score: int) -> str:
        """The second question, fitted to the score, in the reader's language."""
        return worded(self.words, f"follow_up_{band_of(self.programme.scale, score)}")

    @property
    def scale(self) -> Scale:
        """The figures it is answered with."""
        return SCALES[self.programme.scale]

    @property
    def handed_at(self) -> datetime | None:
        """When the letter or its reminder was last handed over, or was about to be; None where none was."""
        return max(filter(None, [self.sent_at or self.claimed_at, self.reminded_at]), default=None)

    @property
    def about(self) -> str:
        """The subject as events name it."""
        return subject_of(self.subject_ref) or f"shipment:{self.shipment.number}"


def subject_of(subject_ref: str) -> str:
    """The subject (noun:public-number) that a decision is about: "account:BW-1" of "account:BW-1:2026H1"."""
    return ":".join(subject_ref.split(":")[:2])
