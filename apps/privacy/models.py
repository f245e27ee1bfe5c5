"""How long data about people are kept, and people as operations looks after their rights."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Contact
from apps.feedback.models import Referral


class Person(Contact):
    """A contact as somebody with rights: to know what is kept, to say yes and no, to be forgotten."""

    class Meta:
        proxy = True
        verbose_name, verbose_name_plural = _("person"), _("people and their data")


class Referred(Referral):
    """Somebody who was named to us: nobody's contact, and with rights all the same."""

    class Meta:
        proxy = True
        verbose_name, verbose_name_plural = _("person named to us"), _("people named to us")


class Retention(models.Model):
    """After how many days something about people has served its purpose."""

    class Purpose(models.TextChoices):
        SEARCHES = "searches", _("what somebody searched for and looked at: deleted")
        NOTICES = "notices", _("news of what happened, in the portal: deleted")
        LOG_INS = "log_ins", _("attempts to log in, with their network: deleted")
        MAILS = "mails", _("whom we mailed what: deleted")
        COMMENTS = "comments", _("comments on deliveries, and what followed in their words: deleted, the score stays")
        REFERRALS = "referrals", _("people named to us: who they are is deleted")
        VOTES = "votes", _("scores sent through links that were no answer: deleted")
        STRANGERS = "strangers", _("mails of people we do not know, and their files: deleted")
        SUGGESTED = "suggested", _("what was suggested to whom, and what they did with it: deleted, the sums stay")
        TALKS = "talks", _("talks with customers, notes on accounts, days of visits: deleted")
        GREETINGS = "greetings", _("which messages on home somebody put away: deleted")
        GONE = "gone", _("people who left, with nothing since: erased")

    purpose = models.CharField(_("what"), max_length=10, choices=Purpose.choices, unique=True)
    days = models.PositiveSmallIntegerField(_("kept for days"), help_text=_("0 keeps it for good."))
    swept_at = models.DateTimeField(_("swept last"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("retention"), _("retention")
        ordering = ["purpose"]

    def __str__(self):
        return self.get_purpose_display()
