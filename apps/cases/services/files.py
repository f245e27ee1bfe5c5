"""What is sent along with a case: judged by its content, kept among the private files, moved with its case."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from apps.cases.models import Case, CaseFile, CaseMessage, WaitingMail
from apps.core.attachments import AttachmentRefused, attached, shown_name, too_large
from apps.core.incoming import SentFile

MOST_FILES = 5  # of one message written on a page

Sent = Sequence[tuple[str, bytes]]


def judged(files: Sent) -> list[tuple[str, object]]:
    """(name, file as it is kept) of what was chosen on a page; `AttachmentRefused` for all where one cannot be kept."""
    if len(files) > MOST_FILES:
        words = _("Send at most %(most)s files at a time.") % {"most": MOST_FILES}
        raise AttachmentRefused(words, fields={"file": [words]})
    if sum(len(content) for _name, content in files) > settings.MAIL_MOST_BYTES:
        words = _("The files are larger than %(most)s MB together: send fewer.")
        words %= {"most": settings.MAIL_MOST_BYTES // 1024**2}
        raise AttachmentRefused(words, fields={"file": [words]})
    return [(name, attached(content, settings.CASE_FILE_MOST_BYTES)) for name, content in files]


def attach(message: CaseMessage, kept: Iterable[tuple[str, object]], *, now: datetime) -> None:
    """Keep judged files with what was said; those of an internal note are internal."""
    for name, file in kept:
        _keep(file, name, now, case_id=message.case_id, message=message, is_internal=message.is_internal)


def sort_out(files: Iterable[SentFile]) -> tuple[list[tuple[str, object]], list[tuple[str, str]]]:
    """Of what came with a mail: (name, file as it is kept) and (name, why it was not taken)."""
    kept, refused = [], []
    for each in files:
        if each.content is None:
            refused.append((each.name, too_large(settings.CASE_FILE_MOST_BYTES)))
            continue
        try:
            kept.append((each.name, attached(each.content, settings.CASE_FILE_MOST_BYTES)))
        except AttachmentRefused as refusal:
            refused.append((each.name, str(refusal.detail)))
    return kept, refused


def keep_for_later(mail: WaitingMail, kept: Iterable[tuple[str, object]], *, now: datetime) -> None:
    """Keep the files of a mail that waits."""
    for name, file in kept:
        _keep(file, name, now, mail=mail)


def move_files(mail: WaitingMail, case: Case, message: CaseMessage | None) -> None:
    """The files of a mail that waited belong to its case now."""
    mail.files.update(mail=None, case=case, message=message)


def throw_away(files: Iterable[CaseFile]) -> None:
    """Delete files for good, from the storage after the commit."""
    for each in list(files):
        storage, path = each.file.storage, each.file.name
        each.delete()
        transaction.on_commit(lambda storage=storage, path=path: storage.delete(path))


def not_taken(refused: Sequence[tuple[str, str]]) -> str:
    """What stands in the message about files that were not taken; empty where there are none."""
    said = [_("[Not taken: %(name)s. %(why)s]") % {"name": name, "why": why} for name, why in refused[:5]]
    return "\n".join(said)


def _keep(file, name: str, now: datetime, **of) -> None:
    row = CaseFile(name=shown_name(name) or "file", kind=file.kind, size=len(file.content), sent_at=now, **of)
    row.file.save(f"file.{file.kind}", ContentFile(file.content))
