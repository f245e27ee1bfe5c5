"""What a contact was told, and where they want to be told what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.accounts import Account
from apps.accounts.models.contacts import Contact
from apps.accounts.notices import CHANNELS, KINDS


class Notice(models.Model):
    """One piece of news for a contact, in the words of the mail's subject, known by the key of the mail.

    `about` is noun:number of the thing. `channel` is where it was to be told when it happened; a digest takes it along
    in the morning of `digest_on`, and `mailed_at` says that it has.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="notices", verbose_name=_("contact"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=20)
    key = models.CharField(max_length=120, unique=True, editable=False)
    title = models.CharField(_("what"), max_length=255)
    about = models.CharField(_("about"), max_length=80)
    channel = models.CharField(_("told by"), max_length=6, choices=list(CHANNELS.items()))
    told_at = models.DateTimeField(_("told"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    digest_on = models.DateField(_("in the digest of"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed in the digest"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("notice"), _("notices")
        ordering = ["-told_at", "-id"]
        indexes = [
            models.Index(fields=["contact", "-told_at", "-id"], name="notice_of_contact"),
            models.Index(fields=["contact"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(
                fields=["digest_on"], name="notice_for_digest", condition=Q(mailed_at=None, digest_on__isnull=False)
            ),
            models.Index(fields=["told_at"], name="notice_age"),
        ]

    def __str__(self):
        return self.title

    @property
    def words(self):
        """Its kind in words."""
        return KINDS[self.kind].words


class NoticeChoice(models.Model):
    """Where a contact wants to be told one kind of news. Without a row it is as usual for their persona."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="notice_choices", verbose_name=_("contact"))
    kind = models.CharField(_("kind"), max_length=20)
    channel = models.CharField(_("told by"), max_length=6, choices=list(CHANNELS.items()))
    chosen_at = models.DateTimeField(_("chosen"))

    class Meta:
        verbose_name, verbose_name_plural = _("choice of news"), _("choices of news")
        constraints = [models.UniqueConstraint(fields=["contact", "kind"], name="one_choice_per_kind_of_news")]

    def __str__(self):
        return f"{self.kind}: {self.channel}"
