"""What an account does not want to see: what it said, and what its rep keeps from it."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet


class DismissalQuerySet(AccountOwnedQuerySet):
    def open(self, on: date) -> "DismissalQuerySet":
        """Those that hold on that day."""
        return self.filter(Q(until=None) | Q(until__gt=on), taken_back_at=None)


class Dismissal(models.Model):
    """What an account does not want to have suggested: for now, never, or because it is bought elsewhere."""

    class Kind(models.TextChoices):
        NOT_NOW = "not_now", _("not now")
        NEVER = "never", _("never")
        ELSEWHERE = "elsewhere", _("bought elsewhere")

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    kind = models.CharField(_("why"), max_length=9, choices=Kind.choices)
    until = models.DateField(_("until"), null=True, blank=True)
    said_at = models.DateTimeField(_("said"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("dismissal"), _("dismissals")
        ordering = ["-said_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "product"], name="one_dismissal_of_a_product", condition=Q(taken_back_at=None)
            ),
            models.CheckConstraint(
                condition=Q(kind="never", until=None) | Q(~Q(kind="never"), until__isnull=False),
                name="only_never_has_no_end",
            ),
        ]

    def __str__(self):
        return f"{self.product_id} for {self.account_id}: {self.kind}"


def is_dismissed(on: date, *, replaces: bool = False) -> Exists:
    """Whether what a row of (account, product) is about is dismissed on that day, with `replaces` also what it
    replaces."""
    held, about = Dismissal.objects.open(on).filter(account=OuterRef("account")), Q(product=OuterRef("product"))
    if replaces:
        among = (OuterRef("replaces"), models.F("product_id"))
        held = held.alias(at=models.Func(*among, function="array_position", output_field=models.IntegerField()))
        about |= Q(at__isnull=False)
    return Exists(held.filter(about))


class Block(models.Model):
    """A product the rep does not want suggested to an account, for any reason: it holds until it is taken back."""

    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="+", verbose_name=_("product"))
    rep = models.ForeignKey("accounts.Rep", models.SET_NULL, null=True, related_name="+", verbose_name=_("rep"))
    note = models.CharField(_("why"), max_length=160, blank=True, help_text=_("For colleagues; no buyer sees it."))
    blocked_at = models.DateTimeField(_("blocked"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("block of a suggestion"), _("blocks of suggestions")
        ordering = ["-blocked_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["account", "product"], name="one_block_per_account_and_product")]

    def __str__(self):
        return f"{self.product_id} not for {self.account_id}"


def is_unwanted(on: date, *, replaces: bool = False) -> Q:
    """Whether what a row of (account, product) is about is dismissed on that day, or blocked by the rep."""
    blocked = Block.objects.filter(account=OuterRef("account"), product=OuterRef("product"))
    return Q(is_dismissed(on, replaces=replaces)) | Q(Exists(blocked))
