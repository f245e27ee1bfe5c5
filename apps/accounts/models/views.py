"""Filters of a list, kept under a name."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.accounts import Account
from apps.accounts.models.contacts import Contact
from apps.accounts.models.users import User
from apps.accounts.rules import may

NEEDS = {"invoices": "invoice.read"}  # what opens a page that is not open to everybody


class SavedViewQuerySet(models.QuerySet):
    def seen_by(self, actor):
        """The actor's own, and those that colleagues of the account share of pages the actor may open; none for who
        acts for somebody."""
        if actor.contact_id is None or actor.acting_for:
            return self.none()
        shut = [page for page, needed in NEEDS.items() if not may(actor.role, needed)]
        shared = Q(is_shared=True) & ~Q(page__in=shut)
        return self.filter(account=actor.account_id).filter(Q(owner=actor.contact_id) | shared)


class SavedView(models.Model):
    """What a list was narrowed to: the query string as it stood, without the place in the list.

    `place` is the category's slug for the catalogue. One of a contact's own views of a page may be what it opens with.
    """

    class Page(models.TextChoices):
        CATALOGUE = "catalogue", _("catalogue")
        ORDERS = "orders", _("orders")
        INVOICES = "invoices", _("invoices")

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("account"))
    owner = models.ForeignKey(Contact, models.CASCADE, related_name="+", verbose_name=_("owner"))
    page = models.CharField(_("page"), max_length=10, choices=Page.choices)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=1000)
    place = models.CharField(_("category"), max_length=120, blank=True)
    is_shared = models.BooleanField(_("shared within the account"), default=False)
    is_default = models.BooleanField(_("the page opens with it"), default=False)
    made_at = models.DateTimeField(_("made"))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("saved view"), _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("owner", "page", models.functions.Lower("name"), name="one_view_per_name"),
            models.UniqueConstraint(
                fields=["owner", "page"], name="one_view_to_open_with", condition=Q(is_default=True)
            ),
        ]
        indexes = [models.Index(fields=["account", "page"], name="saved_view_of_account")]

    def __str__(self):
        return self.name


class DeskView(models.Model):
    """The same for somebody of our own, of a list in the workspace; nobody else's."""

    class Page(models.TextChoices):
        TODAY = "today", _("today")
        PORTFOLIO = "portfolio", _("portfolio")
        CASES = "cases", _("cases")

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("owner"))
    page = models.CharField(_("page"), max_length=10, choices=Page.choices)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=1000)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name, verbose_name_plural = _("saved view of the desk"), _("saved views of the desk")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("owner", "page", models.functions.Lower("name"), name="one_desk_view_per_name")
        ]

    def __str__(self):
        return self.name
