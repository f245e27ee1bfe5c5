"""Pictures and PDFs that stand elsewhere, from the address to the products.

1. Addresses come from a list (columns SKU and picture or document) or from the rows of an import that went live; of an
   import those that were taken before are left out, so that a daily file fetches what is new.
2. A few that are due are claimed together, by putting their next attempt off: what a crash leaves is due again then.
3. They are fetched side by side (`core.fetching`), and each is checked by its content: a picture by decoding it, a PDF
   by its first and last bytes.
4. What may succeed later is tried again after minutes, then hours; each address keeps what became of it.
"""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from apps.catalogue.selectors import product_ids
from apps.core import events
from apps.core.fetching import Unfetchable, fetch
from apps.core.images import MOST_BYTES, NoPicture
from apps.core.scoping import SYSTEM, Actor
from apps.integrations.models import CatalogueImport, PictureAddress, PictureBatch
from apps.integrations.pictures.giving import Part, give
from apps.integrations.pictures.lists import addresses_in

TOGETHER, SECONDS_EACH = 8, 30
LATER = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=2))
State = PictureAddress.State

_OF_IMPORT = """
INSERT INTO integrations_pictureaddress (batch_id, sku, url, kind, title, place, state, detail, tries, due_at)
SELECT %(batch)s, r.sku, said.url, said.kind, said.title, said.place, '', '', 0, %(now)s
FROM integrations_catalogueimportrow r, LATERAL (
    SELECT value AS url, 'picture' AS kind, '' AS title, ordinality - 1 AS place
        FROM jsonb_array_elements_text(r.wanted->'pictures') WITH ORDINALITY
    UNION ALL
    SELECT value->>2, value->>0, value->>1, 0 FROM jsonb_array_elements(r.wanted->'documents')
) said
WHERE r.run_id = %(run)s AND (r.state = 'applied' OR r.kind = 'unchanged')
    AND r.wanted ?| ARRAY['pictures', 'documents']
    AND said.url ~* '^https?://' AND length(said.url) <= 1000
    AND NOT EXISTS (SELECT FROM integrations_pictureaddress before
        WHERE (before.sku, before.url) = (r.sku, said.url) AND before.state IN ('', 'taken', 'unchanged'))
"""
_CLAIM = """
UPDATE integrations_pictureaddress SET tries = tries + 1, due_at = %(again)s WHERE id IN (
    SELECT id FROM integrations_pictureaddress WHERE state = '' AND due_at <= %(now)s
    ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
) RETURNING id
"""


@transaction.atomic
def receive_list(upload, *, now: datetime, actor: Actor) -> PictureBatch:
    """Keep a list of addresses, to be fetched in the background. Raises `FileRefused` or `ColumnsUnclear`."""
    batch = PictureBatch(file_name=upload.name[:200], started_by=actor.name, started_at=now)
    batch.save()
    PictureAddress.objects.bulk_create(
        (PictureAddress(batch=batch, due_at=now, **said) for said in addresses_in(upload)), batch_size=2_000
    )
    note(batch)
    events.record("pictures.received", f"picture_batch:{batch.pk}", at=now, actor=actor)
    return batch


@transaction.atomic
def fetch_for_import(run_id: int, *, now: datetime, actor: Actor = SYSTEM) -> PictureBatch | None:
    """Have the addresses fetched that the live rows of an import name and that were not taken yet; None without any."""
    run = CatalogueImport.objects.get(pk=run_id)
    batch = PictureBatch.objects.create(file_name=run.file_name, run=run, started_by=run.started_by, started_at=now)
    with connection.cursor() as cursor:
        cursor.execute(_OF_IMPORT, {"batch": batch.pk, "run": run.pk, "now": now})
        if not cursor.rowcount:
            batch.delete()
            return None
    note(batch)
    events.record("pictures.received", f"picture_batch:{batch.pk}", at=now, actor=actor)
    return batch


def fetch_due(seconds: float, *, now: datetime) -> int:
    """Fetch what is due, for about so long; how many addresses were asked."""
    until, asked = time.monotonic() + seconds, 0
    while time.monotonic() < until and (claimed := _claim(now)):
        with ThreadPoolExecutor(TOGETHER) as pool:
            answers = list(pool.map(_fetched, claimed))
        ids = product_ids(address.sku for address in claimed)
        for address, answer in zip(claimed, answers, strict=True):
            _settle(address, answer, ids.get(address.sku), now)
        for batch in {address.batch_id: address.batch for address in claimed}.values():
            note(batch)
        asked += len(claimed)
    return asked


@transaction.atomic
def fetch_again(chosen: Iterable[PictureAddress], *, now: datetime, actor: Actor) -> int:
    """Ask these addresses anew, as if for the first time; how many."""
    ids = [address.pk for address in chosen]
    asked = PictureAddress.objects.filter(pk__in=ids).exclude(state=State.WAITING)
    number = asked.update(state=State.WAITING, detail="", tries=0, due_at=now)
    for batch in PictureBatch.objects.filter(addresses__in=ids).distinct():
        note(batch)
        events.record("pictures.received", f"picture_batch:{batch.pk}", at=now, actor=actor)
    return number


def note(batch: PictureBatch) -> None:
    """What became of a batch's addresses so far."""
    states = dict(batch.addresses.values_list("state").annotate(Count("pk")))
    waiting = states.pop(State.WAITING, 0)
    samples = batch.addresses.filter(state=State.REFUSED).order_by("pk").values_list("url", "detail")[:50]
    batch.reached, batch.report = sum(states.values()), {"counts": states, "samples": list(map(list, samples))}
    batch.step = PictureBatch.Step.RECEIVED if waiting else PictureBatch.Step.DONE
    batch.save(update_fields=["reached", "report", "step"])


@transaction.atomic
def _claim(now: datetime) -> list[PictureAddress]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "again": now + LATER[0], "most": TOGETHER})
        ids = [id_ for (id_,) in cursor.fetchall()]
    return list(PictureAddress.objects.select_related("batch__run__profile").filter(pk__in=ids).order_by("pk"))


def _fetched(address: PictureAddress) -> bytes | Unfetchable:
    if address.tries > len(LATER) + 1:  # each attempt ended a worker before it could say so
        return Unfetchable(_("It was given up after %(n)s attempts.") % {"n": address.tries - 1})
    try:
        return fetch(address.url, most_bytes=MOST_BYTES, seconds=SECONDS_EACH)
    except Unfetchable as why:
        return why


def _settle(address: PictureAddress, answer: bytes | Unfetchable, product_id: int | None, now: datetime) -> None:
    """Note what became of an address: taken, unchanged, refused with a reason, or to be tried again."""
    if product_id is None:
        address.state, address.detail = State.REFUSED, _("There is no product of that SKU.")
    elif isinstance(answer, Unfetchable):
        last = not answer.later or address.tries > len(LATER)
        address.detail = str(answer)[:300]
        address.state = State.REFUSED if last else State.WAITING
        address.due_at = address.due_at if last else now + LATER[address.tries - 1]
    else:
        try:
            language = address.batch.run.profile.language if address.batch.run else "en"
            part = Part(product_id, address.kind, address.place, address.title)
            changed = give(part, answer, language=language, now=now)
            address.state, address.detail = State.TAKEN if changed else State.UNCHANGED, ""
        except NoPicture as why:
            address.state, address.detail = State.REFUSED, str(why)[:300]
    address.save(update_fields=["state", "detail", "due_at"])
