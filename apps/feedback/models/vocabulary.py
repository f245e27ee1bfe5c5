"""The words that tell what a comment is about, kept by operations."""

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.feedback.rules.comments import LANGUAGES, Entry


def language_name(code: str) -> str:
    """The name of a language comments are written in, in the reader's own language."""
    return get_language_info("zh-hans" if code == "zh" else code)["name_translated"]


_named = lazy(language_name, str)


class Theme(models.TextChoices):
    DELIVERY = "delivery", pgettext_lazy("theme of a comment", "Delivery")
    QUALITY = "quality", pgettext_lazy("theme of a comment", "Quality")
    PRICE = "price", pgettext_lazy("theme of a comment", "Prices")
    RANGE = "range", pgettext_lazy("theme of a comment", "Range and stock")
    PEOPLE = "people", pgettext_lazy("theme of a comment", "People")
    DOCUMENTS = "documents", pgettext_lazy("theme of a comment", "Documents")
    PACKAGING = "packaging", pgettext_lazy("theme of a comment", "Packaging")
    ORDERING = "ordering", pgettext_lazy("theme of a comment", "Ordering")


class Vocabulary(models.Model):
    """The words of one theme in one language, one on a line; `deliver*` stands for every word that begins so."""

    language = models.CharField(
        _("language"), max_length=2, choices=[(code, _named(code)) for code in sorted(LANGUAGES)]
    )
    theme = models.CharField(_("theme"), max_length=12, choices=Theme.choices)
    words = models.TextField(
        _("words"),
        blank=True,
        help_text=_("One word or phrase on a line. With a * at its end it stands for every word that begins so."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("vocabulary of comments"), _("vocabulary of comments")
        ordering = ["language", "theme"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "theme"],
                name="one_vocabulary_per_language_and_theme",
                violation_error_message=_("This theme has its words in this language already: add to them."),
            )
        ]

    def __str__(self):
        return f"{self.get_theme_display()} ({self.get_language_display()})"

    @property
    def entry(self) -> Entry:
        return Entry(self.language, self.theme, self.words)
