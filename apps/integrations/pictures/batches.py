"""An archive of pictures, from the upload to the products."""

import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction
from django.utils.translation import gettext as _

from apps.catalogue.selectors import product_ids
from apps.catalogue.services import set_picture
from apps.core import events
from apps.core.scoping import Actor
from apps.integrations.models import CatalogueImport, PictureBatch
from apps.integrations.pictures.making import NoPicture, sizes_of, suffix
from apps.integrations.sales_history.reading import FileRefused

MOST_BYTES, MOST_FILES, MOST_EACH, SAMPLES = 4 * 1024**3, 50_000, 40 * 1024**2, 50
_NOTED = 50


@transaction.atomic
def receive(upload, run: CatalogueImport | None, *, now: datetime, actor: Actor) -> PictureBatch:
    """Keep an archive, to be looked at in the background. Raises `FileRefused` where it is none or holds too much."""
    with _archive(upload) as archive:
        list(_entries(archive))
    upload.seek(0)
    batch = PictureBatch(file_name=upload.name[:200], run=run, started_by=actor.name, started_at=now)
    batch.file.save(upload.name, upload, save=False)
    batch.save()
    events.record("pictures.received", f"picture_batch:{batch.pk}", at=now, actor=actor)
    return batch


def work_on(batch_id: int, *, now: datetime) -> str:
    """As `work`, by id; the step it ends at."""
    return work(PictureBatch.objects.select_related("run").get(pk=batch_id), now=now).step


def work(batch: PictureBatch, *, now: datetime) -> PictureBatch:
    """Look at the pictures that were not looked at yet; doing so twice changes nothing the second time."""
    if batch.step != PictureBatch.Step.RECEIVED:
        return batch
    counts, samples = Counter(batch.report.get("counts", {})), batch.report.get("samples", [])
    with batch.file.open("rb") as file, _archive(file) as archive:
        entries = list(_entries(archive))
        skus_of = _named_by(batch.run, [entry.filename for entry in entries])
        for number, entry in enumerate(entries[batch.reached :], batch.reached + 1):
            verdict = _take(archive, entry, skus_of, now)
            counts[verdict if verdict in _VERDICTS else "refused"] += 1
            if verdict not in ("taken", "unchanged") and len(samples) < SAMPLES:
                samples.append([PurePosixPath(entry.filename).name[:120], _VERDICTS.get(verdict, verdict)])
            if number % _NOTED == 0:
                _note(batch, number, counts, samples)
    batch.step = PictureBatch.Step.DONE
    _note(batch, len(entries), counts, samples)
    return batch


_VERDICTS = {"taken": "", "unchanged": "", "unnamed": "No SKU is named so, and no row of the import names it."}


def _note(batch: PictureBatch, reached: int, counts: Counter, samples: list) -> None:
    batch.reached, batch.report = reached, {"counts": dict(counts), "samples": samples}
    batch.save(update_fields=["reached", "report", "step"])


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, ids_of: dict[str, list[int]], now: datetime) -> str:
    """`taken`, `unchanged`, `unnamed`, or why it is refused."""
    ids = ids_of.get(entry.filename)
    if not ids:
        return "unnamed"
    try:
        with archive.open(entry) as file:
            data = file.read(MOST_EACH + 1)
        if len(data) > MOST_EACH:
            return _("It has more than %(mib)s MiB.") % {"mib": MOST_EACH // 1024**2}
        large, small = sizes_of(data)
    except (NoPicture, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        return str(error)
    changed = [set_picture(id_, large, small, suffix(), now=now) for id_ in ids]
    return "taken" if any(changed) else "unchanged"


def _named_by(run: CatalogueImport | None, names: list[str]) -> dict[str, list[int]]:
    """File -> the ids of the products it shows: those whose rows name it first, else the SKU it is called by."""
    stems = {name: PurePosixPath(name).stem for name in names}
    ids = product_ids(set(stems.values()))
    found = {name: [ids[stem]] for name, stem in stems.items() if stem in ids}
    if run is not None:
        said = _said_by_rows(run)
        for name in names:
            if skus := said.get(PurePosixPath(name).name.casefold()):
                found[name] = list(product_ids(skus).values())
    return found


def _said_by_rows(run: CatalogueImport) -> dict[str, list[str]]:
    said = defaultdict(list)
    rows = run.rows.filter(wanted__has_key="pictures").values_list("sku", "wanted__pictures")
    for sku, pictures in rows.iterator(chunk_size=5_000):
        said[PurePosixPath(str(pictures[0]).replace("\\", "/")).name.casefold()].append(sku)
    return said


def _archive(file) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise FileRefused(_("That is no ZIP archive.")) from error


def _entries(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files of an archive; refused as a whole, before anything is unpacked, where they are too many or too much."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        said = {"files": f"{MOST_FILES:,}", "gib": MOST_BYTES // 1024**3}
        raise FileRefused(_("The archive unpacks to more than %(files)s files or %(gib)s GiB. Split it.") % said)
    return iter(entries)
