"""Reviews of products, version by version."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


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
