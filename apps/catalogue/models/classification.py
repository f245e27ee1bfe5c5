"""What products are sorted by: categories, brands, typed attributes."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from apps.catalogue.rules import ids_of_path


class Category(models.Model):
    """A node of the category tree. `path` holds the ids from the root down to this category."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    path = models.CharField(max_length=120, editable=False)
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    manager = models.ForeignKey(
        "accounts.Rep",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product manager"),
        help_text=_("Answers questions about the products here and below."),
    )
    product_count = models.PositiveIntegerField(_("products on sale"), default=0, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("category"), _("categories")
        ordering = ["position", "name"]
        indexes = [models.Index(fields=["path"], name="category_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """The path follows the parent, and what stands below follows the path; a new row is written twice."""
        if self.pk is None:
            super().save(*args, **kwargs)
            kwargs = {k: v for k, v in kwargs.items() if k == "using"}
        before, depth_before = self.path, self.depth
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.depth = self.path.count("/") - 2
        super().save(*args, **kwargs)
        if before and before != self.path:
            below = Category.objects.filter(path__startswith=before).exclude(pk=self.pk)
            below.update(
                path=Concat(Value(self.path), Substr("path", len(before) + 1)),
                depth=F("depth") + self.depth - depth_before,
            )

    @property
    def ids_of_path(self) -> tuple[int, ...]:
        """Ids from the top category down to this one."""
        return ids_of_path(self.path)

    def clean(self):
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("A category cannot stand below itself.")})


class Brand(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    is_own = models.BooleanField(
        _("our own brand"), default=False, db_default=False,
        help_text=_("Offered as the alternative where it costs less for the same."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("brand"), _("brands")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Attribute(models.Model):
    """A typed property that products carry in `Product.attributes` under `code`."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("number")
        CHOICE = "choice", _("choice")
        YES_NO = "yes_no", _("yes or no")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    is_facet = models.BooleanField(_("offered as a facet"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("attribute"), _("attributes")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name
