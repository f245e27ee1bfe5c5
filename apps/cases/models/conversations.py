"""A conversation about something, and the articles that answer before anybody has to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet, Actor


class ConversationQuerySet(AccountOwnedQuerySet):
    def visible_to(self, actor: Actor):
        """A contact's own; for a rep those of their accounts and those they were handed; for a desk all."""
        if actor.contact_id is not None:
            return self.filter(contact=actor.contact_id)
        if actor.rep_id is not None and not actor.sees_everything:
            return self.filter(Q(account__rep=actor.rep_id) | Q(owner=actor.rep_id))
        return super().visible_to(actor) if actor.is_staff else self.none()


class Conversation(models.Model):
    """What a contact and the house say to one another about one thing, live or by mail.

    `about` is the subject, noun:number, empty where there is none. A contact has one open conversation about a thing.
    `read_at` and `here_at` are when each side last read it and last had it before them.
    """

    class Desk(models.TextChoices):
        SALES = "rep", _("account manager")
        SERVICE = "service", _("service desk")

    number = models.CharField(_("number"), max_length=30, unique=True)
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    about = models.CharField(_("about"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=160)
    desk = models.CharField(_("desk"), max_length=8, choices=Desk.choices, default=Desk.SALES)
    owner = models.ForeignKey(
        "accounts.Rep", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    case = models.ForeignKey(
        "cases.Case", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("case")
    )
    begun_at = models.DateTimeField(_("begun"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    waits_since = models.DateTimeField(_("the customer waits since"), null=True, blank=True)
    last_said_at = models.DateTimeField(_("last said"))
    customer_read_at = models.DateTimeField(null=True, blank=True, editable=False)
    staff_read_at = models.DateTimeField(null=True, blank=True, editable=False)
    customer_here_at = models.DateTimeField(null=True, blank=True, editable=False)
    staff_here_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("conversation"), _("conversations")
        ordering = ["-last_said_at", "-id"]
        indexes = [
            models.Index(fields=["contact", "-last_said_at"], name="conversation_of_contact"),
            models.Index(fields=["account", "-last_said_at"], name="conversation_of_account"),
            models.Index(fields=["owner", "waits_since"], name="conversation_open", condition=Q(closed_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "about"],
                condition=Q(closed_at=None) & Q(contact__isnull=False),
                name="one_open_conversation_about_a_thing",
            )
        ]

    def __str__(self):
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Utterance(models.Model):
    """Something said in a conversation; what is internal stays with staff. `told_at`: the other side has read it, or
    was sent a mail."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="lines", verbose_name=_("conversation"))
    author_name = models.CharField(_("author"), max_length=120)
    from_staff = models.BooleanField(_("from staff"), default=False)
    is_internal = models.BooleanField(_("internal note"), default=False)
    body = models.TextField(_("text"))
    said_at = models.DateTimeField(_("said"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("line of a conversation"), _("lines of conversations")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["said_at"], name="utterance_untold", condition=Q(told_at=None, is_internal=False))
        ]

    def __str__(self):
        return self.body[:60]


class Article(models.Model):
    """An answer that anybody may find before asking a person. `words` are what else people call it."""

    class Topic(models.TextChoices):
        PRODUCT = "product", _("products")
        ORDER = "order", _("orders")
        DELIVERY = "shipment", _("deliveries")
        RETURN = "return", _("returns")
        INVOICE = "invoice", _("invoices and payment")
        QUOTE = "quote", _("quotes and prices")
        ACCOUNT = "account", _("your account")

    slug = models.SlugField(_("address"), max_length=80)
    language = models.CharField(_("language"), max_length=10, default="en")
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"), help_text=_("Paragraphs are kept apart by an empty line."))
    topic = models.CharField(_("topic"), max_length=10, choices=Topic.choices)
    words = ArrayField(
        models.CharField(max_length=40), verbose_name=_("also found by"), default=list, blank=True,
        help_text=_("Words separated by commas."),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_shown = models.BooleanField(_("shown"), default=True)
    helped = models.PositiveIntegerField(_("helped"), default=0, editable=False)
    did_not_help = models.PositiveIntegerField(_("did not help"), default=0, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("article"), _("articles")
        ordering = ["topic", "position", "title"]
        constraints = [models.UniqueConstraint(fields=["slug", "language"], name="one_article_a_language")]

    def __str__(self):
        return self.title
