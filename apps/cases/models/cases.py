"""Service cases with an owner and deadlines, and the follow-ups that keep a promise to a customer."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet, Actor


class OwnedByRepQuerySet(AccountOwnedQuerySet):
    def visible_to(self, actor: Actor):
        """Of the accounts the actor sees, and what a rep owns all the same: who stands in can read what to do."""
        if actor.rep_id is None or actor.account_id is not None or actor.sees_everything:
            return super().visible_to(actor)
        return self.filter(Q(account__rep=actor.rep_id) | Q(owner=actor.rep_id))


class CaseQuerySet(OwnedByRepQuerySet):
    def unresolved(self):
        """Those about which something is still owed."""
        return self.exclude(status__in=Case.CLOSED)

    def closed(self):
        """Those about which nothing is owed any more, proven or not; what was merged lives on in another case."""
        return self.filter(status__in=Case.CLOSED, merged_into=None)


class Case(models.Model):
    """Something to put right for an account. `source_ref` names what caused it, and causes one case at most."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ACKNOWLEDGED = "acknowledged", _("being worked on")
        ANSWERED = "answered", _("answered")
        RESOLVED = "resolved", _("resolved")
        VERIFIED = "verified", _("proven")

    CLOSED = (Status.RESOLVED, Status.VERIFIED)
    UNREAD = (Status.OPEN, Status.ACKNOWLEDGED)

    class Cause(models.TextChoices):
        DELIVERY = "delivery", _("delivery")
        PRICE = "price", _("price")
        RANGE = "range", _("range")
        INVOICE = "invoice", _("invoice")
        PEOPLE = "people", _("people")
        OTHER = "other", _("other")

    class Origin(models.TextChoices):
        SURVEY = "survey", _("survey")
        DELIVERY = "delivery", _("known delivery failure")
        PORTAL = "portal", _("portal")
        STAFF = "staff", _("staff")
        HOUSE = "house", _("noticed by us")
        MAIL = "mail", _("e-mail")

    number = models.CharField(_("number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="cases", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    shipment = models.ForeignKey(
        "fulfilment.Shipment", models.SET_NULL, null=True, blank=True, related_name="cases", verbose_name=_("shipment")
    )
    order = models.ForeignKey(
        "ordering.Order", models.SET_NULL, null=True, blank=True, related_name="cases", verbose_name=_("order")
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    source_ref = models.CharField(_("caused by"), max_length=80, unique=True)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices, default=Cause.OTHER)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.OPEN)
    title = models.CharField(_("title"), max_length=160)
    owner = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="cases", verbose_name=_("owner")
    )
    stands_in_for = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("stands in for"),
    )  # fmt: skip
    opened_at = models.DateTimeField(_("opened"))
    acknowledge_by = models.DateTimeField(_("acknowledge by"))
    answer_by = models.DateTimeField(_("answer by"))
    resolve_by = models.DateTimeField(_("resolve by"))
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    resolution = models.TextField(_("what was done"), blank=True)
    awaits_proof = models.BooleanField(_("waits for proof"), default=False, db_default=False, editable=False)
    order_due_on = models.DateField(
        _("next order due"), null=True, blank=True, editable=False,
        help_text=_("By the rhythm of the account when the case was resolved."),
    )  # fmt: skip
    verified_at = models.DateTimeField(_("proven at"), null=True, blank=True, editable=False)
    proof_shipment = models.ForeignKey(
        "fulfilment.Shipment", models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("proven by delivery"),
    )  # fmt: skip
    proof_order = models.ForeignKey(
        "ordering.Order", models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("proven by order"),
    )  # fmt: skip
    writer_name = models.CharField(_("written by"), max_length=120, blank=True, default="", db_default="")
    writer_email = models.EmailField(
        _("written from"), blank=True, default="", db_default="",
        help_text=_("Who wrote by e-mail and is no contact: answers go there."),
    )  # fmt: skip
    mail_id = models.CharField(max_length=250, blank=True, default="", db_default="", editable=False)
    is_right = models.BooleanField(_("put right, by the customer"), null=True, blank=True, editable=False)
    rated_at = models.DateTimeField(_("rated at"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", editable=False,
        verbose_name=_("merged into"),
    )  # fmt: skip
    is_repeated = models.BooleanField(
        _("repeated failure"), default=False, db_default=False, editable=False,
        help_text=_("The second failure of its kind within 90 days; management owns it."),
    )  # fmt: skip
    escalated = models.PositiveSmallIntegerField(
        _("time used"),
        default=0,
        editable=False,
        help_text=_("Per cent of the time to the next deadline, as last told."),
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("case"), _("cases")
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["account", "-opened_at"], name="case_of_account"),
            models.Index(fields=["-opened_at", "-id"], name="case_opened"),
            models.Index(fields=["reopened_at"], name="case_reopened", condition=Q(reopened_at__isnull=False)),
            models.Index(fields=["verified_at"], name="case_verified", condition=Q(verified_at__isnull=False)),
            models.Index(
                fields=["owner", "answer_by"], name="case_unresolved", condition=~Q(status__in=["resolved", "verified"])
            ),
            models.Index(fields=["account"], name="case_awaits_proof", condition=Q(awaits_proof=True)),
            models.Index(Upper("writer_email"), name="case_of_writer", condition=~Q(writer_email="")),
            models.Index(fields=["rated_at"], name="case_rated", condition=Q(rated_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="verified", verified_at__isnull=False)
                | Q(~Q(status="verified"), verified_at__isnull=True),
                name="case_verified_with_its_instant",
            ),
            models.CheckConstraint(
                condition=Q(awaits_proof=False) | Q(status="resolved"), name="case_resolved_awaits_proof"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status="resolved", awaits_proof=False), name="case_merged_is_closed"
            ),
            models.CheckConstraint(
                condition=Q(is_right=None, rated_at=None) | Q(is_right__isnull=False, rated_at__isnull=False),
                name="case_rated_with_its_instant",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status not in self.CLOSED

    @property
    def may_be_rated(self) -> bool:
        """Whether the customer can say that it was put right: it was, and they have not said so since."""
        if self.is_open or self.merged_into_id is not None or self.resolved_at is None:
            return False
        return self.rated_at is None or self.rated_at < self.resolved_at

    @property
    def reached_at(self) -> str:
        """Where answers are mailed to; empty where there is nobody to answer."""
        return self.contact.email if self.contact else self.writer_email

    @property
    def owes_proof(self) -> bool:
        """Whether its resolution is to be proven: a failure opened it, not a question."""
        return (
            self.origin in (self.Origin.SURVEY, self.Origin.DELIVERY, self.Origin.HOUSE)
            or self.cause == self.Cause.DELIVERY
        )

    @property
    def next_deadline(self):
        """By when the next step is owed: acknowledge, answer or resolve; None once resolved."""
        if not self.is_open:
            return None
        if self.answered_at:
            return self.resolve_by
        return self.answer_by if self.acknowledged_at else self.acknowledge_by


class CaseMessage(models.Model):
    """Something said in a case; internal notes stay with staff. `quoted` is what a mail repeats, and its signature."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages", verbose_name=_("case"))
    author_name = models.CharField(_("author"), max_length=120)
    from_staff = models.BooleanField(_("from staff"), default=False)
    is_internal = models.BooleanField(_("internal note"), default=False)
    body = models.TextField(_("text"))
    quoted = models.TextField(_("quoted"), blank=True, default="", db_default="")
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        ordering = ["written_at", "id"]

    def __str__(self):
        return self.body[:60]


class SourcingRequest(models.Model):
    """What a case asks the rep to find: something the catalogue does not have.

    The file is kept here rather than among the media: it comes and goes with its request, and has one door.
    """

    class FileKind(models.TextChoices):
        JPEG = "jpg", _("picture")
        PDF = "pdf", _("PDF")

    case = models.OneToOneField(Case, models.CASCADE, related_name="sourcing", verbose_name=_("case"))
    text = models.TextField(_("what is needed"))
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    wished_on = models.DateField(_("wished by"), null=True, blank=True)
    product = models.ForeignKey(
        "catalogue.Product", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("in place of")
    )
    file = models.BinaryField(_("file"), null=True, blank=True)
    file_kind = models.CharField(_("kind of file"), max_length=3, choices=FileKind.choices, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("sourcing request"), _("sourcing requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None, file_kind="") | (Q(file__isnull=False) & ~Q(file_kind="")),
                name="sourcing_file_has_its_kind",
            )
        ]

    def __str__(self):
        return self.text[:60]


class FollowUp(models.Model):
    """Something a rep should do for an account, proposed by what happened: thank, offer, call, find a contact; or a
    task that somebody has set down themselves."""

    class Kind(models.TextChoices):
        OFFER = "offer", _("offer to make")
        THANKS = "thanks", _("thanks and referral")
        CALL = "call", _("call")
        MISSING_ROLE = "missing_role", _("contact to find")
        TASK = "task", _("task")
        CALL_BACK = "call_back", _("call-back")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    account = models.ForeignKey(
        "accounts.Account", models.CASCADE, related_name="follow_ups", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    owner = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="follow_ups", verbose_name=_("owner")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    title = models.CharField(_("title"), max_length=160)
    detail = models.TextField(_("detail"), blank=True)
    source_ref = models.CharField(_("caused by"), max_length=80, unique=True)
    due_on = models.DateField(_("due"))
    # A call-back is to be made within hours that the customer has chosen.
    from_at = models.DateTimeField(_("call from"), null=True, blank=True)
    until_at = models.DateTimeField(_("call until"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="", db_default="")
    missed_at = models.DateTimeField(_("noticed as missed"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)

    objects = OwnedByRepQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("follow-up"), _("follow-ups")
        ordering = ["due_on"]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="follow_up_open", condition=Q(state="open")),
            models.Index(
                fields=["until_at"],
                name="call_back_waiting",
                condition=Q(state="open", kind="call_back", missed_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], name="one_call_back_a_contact", condition=Q(state="open", kind="call_back")
            ),
            models.CheckConstraint(
                condition=~Q(kind="call_back")
                | Q(from_at__isnull=False, until_at__isnull=False, until_at__gt=F("from_at")),
                name="call_back_has_its_hours",
            ),
        ]

    def __str__(self):
        return self.title


class ProductQuestionQuerySet(AccountOwnedQuerySet):
    def readable_by(self, actor: Actor):
        """Under a product: what was answered for all, and everything of the actor's own accounts."""
        for_all = Q(is_public=True, state=ProductQuestion.State.ANSWERED)
        return self.filter(for_all | Q(account__in=actor.account_ids))

    def for_desk(self, actor: Actor):
        """For staff: of the accounts they see, and what they are to answer as product manager."""
        seen = self.visible_to(actor)
        return seen if actor.rep_id is None or actor.sees_everything else seen | self.filter(owner=actor.rep_id)


class ProductQuestion(models.Model):
    """A question about a product. Where all may read it, who asked stays untold."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        ANSWERED = "answered", _("answered")
        DECLINED = "declined", _("not answered here")

    class AskedOf(models.TextChoices):
        REP = "rep", _("account manager")
        PRODUCT_MANAGER = "manager", _("product manager")

    product = models.ForeignKey(
        "catalogue.Product", models.CASCADE, related_name="questions", verbose_name=_("product")
    )
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    asked_of = models.CharField(_("asked of"), max_length=8, choices=AskedOf.choices, default=AskedOf.REP)
    owner = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("to answer")
    )
    body = models.TextField(_("question"))
    is_private = models.BooleanField(_("for our account alone"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked"))
    answer_by = models.DateTimeField(_("answer by"))
    answer = models.TextField(_("answer"), blank=True)
    is_public = models.BooleanField(_("for all to read"), default=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by_name = models.CharField(_("answered by"), max_length=120, blank=True)

    objects = ProductQuestionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("question about a product"), _("questions about products")
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["product", "-asked_at"], name="question_of_product"),
            models.Index(fields=["answer_by"], name="question_waiting", condition=Q(state="waiting")),
            models.Index(fields=["contact", "-asked_at"], name="question_of_contact"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(is_private=True, is_public=True), name="a_private_question_is_not_public"
            )
        ]

    def __str__(self):
        return self.body[:80]
