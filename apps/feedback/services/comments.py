"""What comments are about, read from their words."""

from datetime import datetime

from django.db import transaction

from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor
from apps.feedback.models import Answer, Vocabulary
from apps.feedback.rules.comments import language_of, themes_in

_LOT = 1_000


def read_comment(answer_id: int) -> dict[str, str]:
    """Note the language and the themes of one answer's comment; returns the themes. Safe to repeat."""
    return _read(list(_commented().filter(pk=answer_id))).get(answer_id, {})


def read_all_comments() -> int:
    """Read every comment anew, a thousand at a time, the newest first; returns how many changed."""
    changed, before = 0, None
    while lot := list(_lot(before)):
        changed += len(_read(lot))
        before = lot[-1].pk
    return changed


@transaction.atomic
def vocabulary_changed(*, now: datetime, actor: Actor = SYSTEM) -> None:
    """To be called after words were changed: all comments are read anew in the background."""
    record("vocabulary.changed", "vocabulary:comments", at=now, actor=actor)


def _commented():
    return Answer.objects.exclude(comment="").select_related("contact__user").order_by("-pk")


def _lot(before: int | None):
    answers = _commented()
    return (answers if before is None else answers.filter(pk__lt=before))[:_LOT]


def _read(answers: list[Answer]) -> dict[int, dict[str, str]]:
    """Read these; returns those whose language or themes are other than before."""
    vocabulary = [words.entry for words in Vocabulary.objects.all()]
    changed = []
    for answer in answers:
        language = language_of(answer.comment, otherwise=_own_language(answer))
        themes = themes_in(answer.comment, language, vocabulary)
        if (language, themes) != (answer.language, answer.themes):
            answer.language, answer.themes = language, themes
            changed.append(answer)
    Answer.objects.bulk_update(changed, ["language", "themes"])
    return {answer.pk: answer.themes for answer in changed}


def _own_language(answer: Answer) -> str:
    return (answer.contact.language if answer.contact else "").partition("-")[0]
