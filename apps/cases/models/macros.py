"""Words that answer many cases."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.cases.models.cases import Case
from apps.cases.rules import MACRO_NAMES, unknown_names


class Macro(models.Model):
    """Words to begin an answer with; whoever answers still reads and sends them."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    body = models.TextField(
        _("text"), max_length=4000,
        help_text=_("In braces, from the case: {contact}, {account}, {case}, {order}, {delivery}, {answer_by}, {me}."),
    )  # fmt: skip
    cause = models.CharField(
        _("cause"), max_length=10, choices=Case.Cause.choices, blank=True,
        help_text=_("Only for cases of that cause; empty: for all."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("words to answer with"), _("words to answer with")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def clean(self):
        unknown = unknown_names(self.body)
        if unknown:
            words = _("Nothing is known by the name %(names)s. There are %(known)s.")
            named = {"names": _braced(unknown), "known": _braced(MACRO_NAMES)}
            raise ValidationError({"body": words % named})


def _braced(names) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
