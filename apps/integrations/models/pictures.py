"""Pictures and documents of products, in archives and at addresses."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.integrations.models.catalogue import CatalogueImport
from apps.integrations.models.imports import import_path, private_storage


class PictureBatch(models.Model):
    """Pictures of products in an archive, or at addresses that a list or an import names: looked at one by one, made
    small, and given to the SKUs they are named by."""

    class Step(models.TextChoices):
        RECEIVED = "received", _("being looked at")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    file = models.FileField(_("file"), upload_to=import_path, storage=private_storage, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    run = models.ForeignKey(
        CatalogueImport, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("import"),
        help_text=_("Whose rows name the pictures; else they are named by SKU."),
    )  # fmt: skip
    step = models.CharField(_("step"), max_length=8, choices=Step.choices, default=Step.RECEIVED)
    reached = models.PositiveIntegerField(_("pictures looked at"), default=0)
    report = models.JSONField(_("report"), default=dict)
    started_by = models.CharField(_("started by"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"))

    class Meta:
        verbose_name, verbose_name_plural = _("batch of pictures"), _("batches of pictures")
        ordering = ["-started_at", "-id"]

    def __str__(self):
        return self.file_name


class PictureAddress(models.Model):
    """A picture or PDF of a product that stands elsewhere: fetched in the background, several times where it must be.

    `kind` is `picture`, or that of a document; `place` is 0 for the product's own picture, then its further ones.
    """

    class State(models.TextChoices):
        WAITING = "", _("to be fetched")
        TAKEN = "taken", _("taken")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(PictureBatch, models.CASCADE, related_name="addresses", verbose_name=_("batch"))
    sku = models.CharField(_("SKU"), max_length=60)
    url = models.CharField(_("address"), max_length=1000)
    kind = models.CharField(_("kind"), max_length=12, default="picture")
    title = models.CharField(_("title"), max_length=120, blank=True)
    place = models.PositiveSmallIntegerField(_("place"), default=0)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, blank=True)
    detail = models.CharField(_("what is wrong"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"))

    class Meta:
        verbose_name, verbose_name_plural = _("address of a picture"), _("addresses of pictures")
        indexes = [
            models.Index(fields=["due_at", "id"], name="picture_to_fetch", condition=models.Q(state="")),
            models.Index(fields=["sku", "url"], name="picture_fetched_before"),
        ]

    def __str__(self):
        return self.url
