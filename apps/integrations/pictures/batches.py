"""An archive of pictures, from the upload to the products."""

import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.catalogue.selectors import product_ids
from apps.core import events
from apps.core.images import NoPicture
from apps.core.scoping import Actor
from apps.core.sheets import FileRefused
from apps.integrations.catalogue_import.mimes import document_of
from apps.integrations.models import CatalogueImport, PictureBatch
from apps.integrations.pictures.addresses import receive_list
from apps.integrations.pictures.giving import Part, give
from apps.integrations.pictures.lists import ENDINGS

MOST_BYTES, MOST_FILES, MOST_EACH, SAMPLES = 4 * 1024**3, 50_000, 40 * 1024**2, 50
_NOTED = 50


@transaction.atomic
def receive(upload, run: CatalogueImport | None, *, now: datetime, actor: Actor) -> PictureBatch:
    """Keep an archive or a list of addresses, to be looked at in the background. Raises what it is refused for."""
    if upload.name.lower().endswith(ENDINGS):
        return receive_list(upload, now=now, actor=actor)
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
    return work(PictureBatch.objects.select_related("run__profile").get(pk=batch_id), now=now).step


def work(batch: PictureBatch, *, now: datetime) -> PictureBatch:
    """Look at the pictures that were not looked at yet; doing so twice changes nothing the second time."""
    if batch.step != PictureBatch.Step.RECEIVED or not batch.file:
        return batch
    counts, samples = Counter(batch.report.get("counts", {})), batch.report.get("samples", [])
    with batch.file.open("rb") as file, _archive(file) as archive:
        entries = list(_entries(archive))
        parts_of = _named_by(batch.run, [entry.filename for entry in entries])
        language = batch.run.profile.language if batch.run else "en"
        for number, entry in enumerate(entries[batch.reached :], batch.reached + 1):
            verdict = _take(archive, entry, parts_of, language, now)
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


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, parts_of: dict[str, list[Part]], language: str, now) -> str:
    """`taken`, `unchanged`, `unnamed`, or why it is refused."""
    parts = parts_of.get(entry.filename)
    if not parts:
        return "unnamed"
    try:
        with archive.open(entry) as file:
            data = file.read(MOST_EACH + 1)
        if len(data) > MOST_EACH:
            return _("It has more than %(mib)s MiB.") % {"mib": MOST_EACH // 1024**2}
        changed = [give(part, data, language=language, now=now) for part in parts]
    except (NoPicture, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        return str(error)
    return "taken" if any(changed) else "unchanged"


def _named_by(run: CatalogueImport | None, names: list[str]) -> dict[str, list[Part]]:
    """File -> what it is of which products: as the import's rows name it first, else by the SKU it is called by."""
    stems = {name: PurePosixPath(name).stem for name in names}
    ids = product_ids({*stems.values(), *(stem.rpartition("_")[0] for stem in stems.values())})
    found = {name: [part] for name, stem in stems.items() if (part := _called(stem, name, ids))}
    if run is not None:
        said = _said_by_rows(run)
        for name in names:
            found[name] = said.get(_plain(name)) or found.get(name, [])
    return found


def _called(stem: str, name: str, ids: dict[str, int]) -> Part | None:
    """A file called SKU.jpg, SKU_2.jpg or SKU.pdf."""
    own, _bar, place = stem.rpartition("_")
    id_ = ids.get(stem) or (ids.get(own) if place.isdecimal() and len(place) < 3 else None)
    if id_ is None:
        return None
    if name.lower().endswith(".pdf"):
        kind, title, _source = document_of("", name)
        return Part(id_, kind, title=title)
    return Part(id_, place=0 if stem in ids else max(0, int(place) - 1))


def _said_by_rows(run: CatalogueImport) -> dict[str, list[Part]]:
    """File name -> what the rows of an import say that it is."""
    rows = run.rows.filter(Q(wanted__has_key="pictures") | Q(wanted__has_key="documents"))
    told = list(rows.values_list("sku", "wanted__pictures", "wanted__documents"))
    ids, said = product_ids(sku for sku, _pictures, _documents in told), defaultdict(list)
    for sku, pictures, documents in told:
        if id_ := ids.get(sku):
            for place, source in enumerate(pictures or ()):
                said[_plain(source)].append(Part(id_, place=place))
            for kind, title, source in documents or ():
                said[_plain(source)].append(Part(id_, kind, title=title))
    return said


def _plain(source: str) -> str:
    return PurePosixPath(str(source).replace("\\", "/")).name.casefold()


def _archive(file) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise FileRefused(_("That is no ZIP archive, and no list called .csv or .xlsx.")) from error


def _entries(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files of an archive; refused as a whole, before anything is unpacked, where they are too many or too much."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        said = {"files": f"{MOST_FILES:,}", "gib": MOST_BYTES // 1024**3}
        raise FileRefused(_("The archive unpacks to more than %(files)s files or %(gib)s GiB. Split it.") % said)
    return iter(entries)
