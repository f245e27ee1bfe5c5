"""What comes along with a case, and mails to the service desk whose case has yet to be found."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cases.models.returns import private_storage


def file_path(row: "CaseFile", _name: str) -> str:
    return f"cases/{uuid.uuid4().hex}.{row.kind}"


class WaitingMail(models.Model):
    """A mail to the service address that waits for the desk: nobody knows whose it is, or there were too many at once.

    It is gone as soon as it is put on a case or thrown away. `case` is where it would have gone.
    """

    class Why(models.TextChoices):
        UNKNOWN = "unknown", _("sender not known")
        SEVERAL = "several", _("known at several accounts")
        TOO_MANY = "too_many", _("too many at once")

    key = models.CharField(max_length=64, unique=True)
    why = models.CharField(_("why"), max_length=8, choices=Why.choices, default=Why.UNKNOWN)
    sender = models.EmailField(_("sender"))
    sender_name = models.CharField(_("name"), max_length=120, blank=True)
    subject = models.CharField(_("subject"), max_length=160, blank=True)
    words = models.TextField(_("text"), blank=True)
    quoted = models.TextField(_("quoted"), blank=True)
    mail_id = models.CharField(max_length=250, blank=True)
    case = models.ForeignKey(
        "cases.Case", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("case")
    )
    received_at = models.DateTimeField(_("received"), db_index=True)

    class Meta:
        verbose_name, verbose_name_plural = _("waiting mail"), _("waiting mails")
        ordering = ["received_at", "id"]

    def __str__(self):
        return self.subject or self.key[:8]


class CaseFile(models.Model):
    """A picture or PDF that came with a case, or with a mail that waits to be one. What is internal stays with staff.

    It is kept among the private files and has one door; `name` is only shown.
    """

    class Kind(models.TextChoices):
        JPEG = "jpg", _("picture")
        PDF = "pdf", _("PDF")

    case = models.ForeignKey(
        "cases.Case", models.CASCADE, null=True, blank=True, related_name="files", verbose_name=_("case")
    )
    message = models.ForeignKey(
        "cases.CaseMessage", models.SET_NULL, null=True, blank=True, related_name="files", verbose_name=_("message")
    )
    mail = models.ForeignKey(
        WaitingMail, models.CASCADE, null=True, blank=True, related_name="files", verbose_name=_("waiting mail")
    )
    file = models.FileField(_("file"), storage=private_storage, upload_to=file_path)
    kind = models.CharField(_("kind of file"), max_length=3, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    size = models.PositiveIntegerField(_("size in bytes"))
    is_internal = models.BooleanField(_("internal"), default=False)
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name, verbose_name_plural = _("file of a case"), _("files of cases")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, mail=None) | Q(case=None, mail__isnull=False),
                name="case_file_is_of_one_thing",
            )
        ]

    def __str__(self):
        return self.name
