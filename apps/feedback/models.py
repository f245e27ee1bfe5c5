"""Asking and answering: programmes, one decision per delivery, answers with the delivery's facts frozen on them."""

from dataclasses import fields
from datetime import time

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.feedback.rules import Policy, nps_band


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
    question = models.CharField(
        _("question"), max_length=200, default="How likely are you to recommend us to a colleague in your trade?"
    )
    follow_up_detractor = models.CharField(
        _("asked after 0 to 6"), max_length=200, default="What went wrong, and what should we put right first?"
    )
    follow_up_passive = models.CharField(
        _("asked after 7 or 8"), max_length=200, default="What would have made it a 9?"
    )
    follow_up_promoter = models.CharField(
        _("asked after 9 or 10"), max_length=200, default="What did we do well, and what do you need next?"
    )

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

    def follow_up(self, score: int) -> str:
        """The second question, fitted to the score."""
        return getattr(self, f"follow_up_{nps_band(score)}")


class Invitation(models.Model):
    """The decision about one delivery: whom to ask and when, or why not, and how the asking went.

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

    RESTING = ("planned", "claimed", "sending", "sent", "unknown", "answered", "expired")
    ASKABLE = ("planned", "claimed", "sending", "sent", "unknown")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="invitations", verbose_name=_("programme"))
    shipment = models.ForeignKey(
        "fulfilment.Shipment", models.PROTECT, related_name="invitations", verbose_name=_("shipment")
    )
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("contact")
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
            models.Index(fields=["account", "-due_at"], name="invitation_of_account"),
            models.Index(fields=["contact", "-due_at"], name="invitation_of_contact"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["programme", "shipment"], name="one_decision_per_delivery"),
            ExclusionConstraint(
                name="one_ask_per_contact_and_rest_period",
                expressions=[
                    (Func(F("contact"), F("contact"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (F("rest"), RangeOperators.OVERLAPS),
                ],
                condition=Q(rest__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.shipment_id} {self.state}"


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


class ProductReview(models.Model):
    """What a contact of an account that was delivered says about a product: the version that is shown, if any is."""

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="reviews", verbose_name=_("product"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey("accounts.Contact", models.CASCADE, related_name="+", verbose_name=_("contact"))
    order_ref = models.CharField(_("delivered with"), max_length=30)
    stars = models.PositiveSmallIntegerField(_("stars"), null=True, editable=False)
    title = models.CharField(_("title"), max_length=120, blank=True, editable=False)
    body = models.TextField(_("text"), blank=True, editable=False)
    shown_at = models.DateTimeField(_("shown since"), null=True, editable=False)
    written_at = models.DateTimeField(_("written"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("review"), _("reviews")
        ordering = ["-written_at"]
        indexes = [
            models.Index(fields=["product", "-written_at"], name="review_shown", condition=Q(shown_at__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(fields=["product", "contact"], name="one_review_per_contact_and_product"),
            models.CheckConstraint(
                condition=Q(shown_at=None) | Q(stars__gte=1, stars__lte=5), name="review_of_one_to_five_stars"
            ),
        ]

    def __str__(self):
        return f"{self.product_id} by {self.contact_id}"


class ReviewVersion(models.Model):
    """One wording of a review, and what was decided about it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be checked")
        SHOWN = "shown", _("shown")
        DECLINED = "declined", _("not shown")
        REPLACED = "replaced", _("replaced by a later one")

    class Reason(models.TextChoices):
        OFF_TOPIC = "off_topic", _("it is about something else")
        PERSONAL = "personal", _("it names a person")
        OFFENSIVE = "offensive", _("it offends")
        CONFIDENTIAL = "confidential", _("it tells prices or terms that are confidential")
        ADVERTISING = "advertising", _("it advertises")
        NOT_ABOUT_PRODUCT = "not_about_product", _("it is about a delivery or an invoice: we answer it as a case")

    review = models.ForeignKey(ProductReview, models.CASCADE, related_name="versions", verbose_name=_("review"))
    stars = models.PositiveSmallIntegerField(_("stars"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    written_at = models.DateTimeField(_("written"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by_name = models.CharField(_("decided by"), max_length=120, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("review version"), _("review versions")
        ordering = ["-written_at", "-id"]
        indexes = [models.Index(fields=["written_at"], name="review_to_check", condition=Q(state="waiting"))]
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="version_of_one_to_five_stars"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="a_review_is_declined_for_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.stars} of 5: {self.title or self.body[:40]}"
