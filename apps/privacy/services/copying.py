"""A copy of what is kept about a person: a page to read and a document for machines, in one ZIP."""

import io
import json
import zipfile
from collections.abc import Collection
from datetime import date, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import Contact
from apps.accounts.selectors import contact_of
from apps.accounts.services import demand
from apps.core.errors import NotAllowed
from apps.core.events import record
from apps.core.scoping import Actor
from apps.privacy.selectors import Table, copy_of, same_log_in, same_person

_RTL = {"ar", "fa", "he", "ur"}


@transaction.atomic
def own_copy(actor: Actor, *, now: datetime) -> bytes:
    """A ZIP of all that is kept about who asks, at every account their log-in opens. Records `person.exported`."""
    demand(actor, "own_data.manage")
    contact = contact_of(actor)
    if contact is None:
        raise NotAllowed(_("This log-in is no person at an account."))
    return _copy(actor, contact, same_log_in(contact), now)


@transaction.atomic
def person_copy(actor: Actor, contact: Contact, *, now: datetime) -> bytes:
    """The same for operations, with contacts of the same e-mail address. Records `person.exported`."""
    demand(actor, "privacy.manage")
    return _copy(actor, contact, same_person(contact), now)


def _copy(actor: Actor, contact: Contact, contacts: Collection[Contact], now: datetime) -> bytes:
    with translation.override(contact.language):
        tables = copy_of(contacts)
        page = _page(contact, tables, now)
    record(
        "person.exported",
        f"contact:{contact.pk}",
        at=now,
        account_id=contact.account_id,
        actor=actor,
        contact=contact.name,
        tables=len(tables),
    )
    document = {"made_at": now, "data": {table.name: table.rows for table in tables}}
    return _zipped({
        "my-data.html": page,
        "my-data.json": json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1),
    })  # fmt: skip


def _page(contact: Contact, tables: Collection[Table], now: datetime) -> str:
    shown = [
        (
            table.words,
            list(table.columns.values()),
            [[_shown(row[name]) for name in table.columns] for row in table.rows],
        )
        for table in tables
    ]
    direction = "rtl" if contact.language.split("-")[0] in _RTL else "ltr"
    context = {"contact": contact, "tables": shown, "made": _shown(now), "direction": direction}
    return render_to_string("privacy/copy.html", context)


def _shown(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(value, "Y-m-d H:i") + " UTC"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return str(value)


def _zipped(files: dict[str, str]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in files.items():
            folder.writestr(name, text.encode())
    return kept.getvalue()
