"""What every import has that somebody looks through: its file, how far it is, who began it, when it was live."""

import uuid
from pathlib import Path

from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _


def private_storage():
    """Files for operations only: they never stand below the media root."""
    return storages["private"]


def import_path(_row: models.Model, name: str) -> str:
    """A name of our own for an uploaded file; of the sender's only what kind of file it is."""
    suffixes = [
        suffix for suffix in Path(name.lower()).suffixes[-2:] if suffix in (".csv", ".gz", ".xlsx", ".xml", ".zip")
    ]
    return f"imports/{uuid.uuid4().hex}{''.join(suffixes)}"


class ImportRun(models.Model):
    """One file, read into rows, compared with what is there, committed, and undone where need be.

    A model of it has a `Step` of its own with the words for it, the same steps in each, and a `noun` that its events
    begin with.
    """

    noun: str

    file = models.FileField(_("file"), upload_to=import_path, storage=private_storage, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    reached = models.BigIntegerField(_("rows reached in this step"), default=0)
    report = models.JSONField(_("report"), default=dict, blank=True)
    refusal = models.TextField(_("why it was refused"), blank=True)
    started_by = models.CharField(_("started by"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"))
    committed_at = models.DateTimeField(_("live since"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-started_at", "-id"]

    def __str__(self):
        return self.file_name
