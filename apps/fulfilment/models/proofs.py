"""That goods were handed over: tours of drivers, proofs of delivery, faults that receivers report, pictures of both."""

import uuid

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.scoping import AccountOwnedQuerySet
from apps.fulfilment.models.shipments import Shipment, ShipmentLine


def private_storage():
    """Below no root that is served by path."""
    return storages["private"]


def file_path(_row: models.Model, _name: str) -> str:
    return f"deliveries/{uuid.uuid4().hex}.jpg"


class Tour(models.Model):
    """Shipments that one driver brings; a signed link opens it on their phone until it ends."""

    driver = models.CharField(_("driver"), max_length=80)
    made_at = models.DateTimeField(_("made"))
    made_by = models.CharField(_("made by"), max_length=120)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("tour"), _("tours")
        ordering = ["-made_at", "-id"]

    def __str__(self):
        return f"{self.driver} {self.made_at:%Y-%m-%d}"


class Proof(models.Model):
    """Somebody's word that a shipment was handed over. The first counts; a later one is kept and changes nothing."""

    class Source(models.TextChoices):
        DRIVER = "driver", _("driver")
        OPERATIONS = "operations", _("operations")

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="proofs", verbose_name=_("shipment"))
    source = models.CharField(_("from"), max_length=10, choices=Source.choices)
    given_by = models.CharField(_("given by"), max_length=120)
    received_by = models.CharField(_("received by"), max_length=120)
    note = models.CharField(_("note"), max_length=200, blank=True)
    key = models.CharField(max_length=40, editable=False)
    taken_at = models.DateTimeField(_("handed over"))
    heard_at = models.DateTimeField(_("heard"))
    counts = models.BooleanField(_("counts"), help_text=_("The first word about a delivery counts."))

    class Meta:
        verbose_name, verbose_name_plural = _("proof of delivery"), _("proofs of delivery")
        ordering = ["heard_at", "id"]
        constraints = [models.UniqueConstraint(fields=["shipment", "key"], name="one_proof_per_key")]

    def __str__(self):
        return f"{self.shipment_id} {self.received_by}"


class FaultReport(models.Model):
    """What a receiver found wrong with a delivery after it was handed over."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="faults", verbose_name=_("shipment"))
    account = models.ForeignKey("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    contact = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, null=True, related_name="+", verbose_name=_("reported by")
    )
    note = models.TextField(_("note"), blank=True)
    key = models.CharField(max_length=40, editable=False)
    reported_at = models.DateTimeField(_("reported"))

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("fault report"), _("fault reports")
        ordering = ["reported_at", "id"]
        constraints = [models.UniqueConstraint(fields=["shipment", "key"], name="one_fault_report_per_key")]

    def __str__(self):
        return f"{self.shipment_id} {self.reported_at:%Y-%m-%d}"


class FaultLine(models.Model):
    """So much of a line was missing, damaged, not what was ordered, or came without the right papers."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("missing")
        DAMAGED = "damaged", _("damaged")
        WRONG = "wrong", _("not what was ordered")
        PAPERS = "papers", _("papers missing or wrong")

    report = models.ForeignKey(FaultReport, models.CASCADE, related_name="lines", verbose_name=_("fault report"))
    line = models.ForeignKey(ShipmentLine, models.CASCADE, related_name="faults", verbose_name=_("shipment line"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name, verbose_name_plural = _("fault"), _("faults")
        constraints = [
            models.UniqueConstraint(fields=["report", "line"], name="one_fault_per_line_of_a_report"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="fault_quantity_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} {self.kind}"


class DeliveryFile(models.Model):
    """A signature or a photograph, written anew by us; shown only to those who may see its shipment."""

    class Kind(models.TextChoices):
        SIGNATURE = "signature", _("signature")
        PHOTO = "photo", _("photograph")

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="files", verbose_name=_("shipment"))
    proof = models.ForeignKey(Proof, models.CASCADE, null=True, related_name="files", verbose_name=_("proof"))
    fault = models.ForeignKey(FaultReport, models.CASCADE, null=True, related_name="files", verbose_name=_("fault"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    file = models.FileField(_("file"), storage=private_storage, upload_to=file_path)

    class Meta:
        verbose_name, verbose_name_plural = _("picture of a delivery"), _("pictures of deliveries")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(proof=None) ^ Q(fault=None), name="delivery_file_of_proof_or_fault")
        ]

    def __str__(self):
        return f"{self.kind} {self.shipment_id}"


class ReceivingTerms(models.Model):
    """Within how many days after a delivery an account may report a fault; without a row `rules.FAULT_DAYS`."""

    account = models.OneToOneField("accounts.Account", models.CASCADE, related_name="+", verbose_name=_("account"))
    fault_days = models.PositiveSmallIntegerField(_("days to report a fault"))

    class Meta:
        verbose_name, verbose_name_plural = _("terms of receiving"), _("terms of receiving")

    def __str__(self):
        return f"{self.account_id}: {self.fault_days}"
