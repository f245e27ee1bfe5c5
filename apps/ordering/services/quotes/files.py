"""What is sent along with a quote."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.services import demand
from apps.core.attachments import AttachmentRefused, attached, shown_name
from apps.core.errors import Invalid
from apps.core.scoping import Actor
from apps.ordering.errors import QuoteNotFound
from apps.ordering.models import (
    Quote,
    QuoteFile,
)
from apps.ordering.services.quotes.keeping import BUYER, REP, locked

MOST_FILES = 5


@transaction.atomic
def attach_to_quote(actor: Actor, quote: Quote, *, files: Sequence[tuple[str, bytes]], now: datetime) -> Quote:
    """Send files along afterwards, while the quote is open: the account's buyers and its rep may."""
    demand(actor, "quote.offer" if actor.account_id is None else "quote.request")
    if actor.account_id not in (None, quote.account_id):
        raise QuoteNotFound()
    if not files:
        raise AttachmentRefused(_("Choose a file first."))
    quote = locked(actor, quote, *Quote.OPEN)
    attach(actor, quote, REP if actor.account_id is None else BUYER, files, now)
    return quote


def attach(actor: Actor, quote: Quote, side: str, files: Sequence[tuple[str, bytes]], now: datetime) -> None:
    if not files:
        return
    if quote.files.count() + len(files) > MOST_FILES:
        most = ngettext("A quote takes %(most)s file.", "A quote takes %(most)s files at most.", MOST_FILES)
        raise Invalid(most % {"most": MOST_FILES}, fields={"files": [most % {"most": MOST_FILES}]})
    kept = [(name, attached(content)) for name, content in files]
    QuoteFile.objects.bulk_create(
        QuoteFile(
            quote=quote, name=shown_name(name) or file.kind, kind=file.kind, size=len(file.content),
            content=file.content, side=side, by_name=actor.name[:120], sent_at=now,
        )
        for name, file in kept
    )  # fmt: skip
