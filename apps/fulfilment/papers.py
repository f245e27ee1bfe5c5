"""What goes with the goods, as PDF: the pick list of a wave and the packing slip of a shipment.

1. Python writes every figure and sentence in the reader's language; the templates only set them.
2. A pick list is in the language of whoever asks for it, a packing slip in that of the account.
3. Barcodes (Code 128) are those of the shipment and of each SKU, as numbers of modules; the template draws them.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from django.utils import translation
from django.utils.translation import get_language, get_language_bidi, pgettext
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from apps.core.formatting import address_lines, long_date, number_writer
from apps.core.typesetting import font_names, set_pdf
from apps.fulfilment.hints import hints_of, own_way
from apps.fulfilment.models import Insert, Shipment, ShipmentInsert, Wave
from apps.fulfilment.rules.allocation import Packs
from apps.fulfilment.rules.code128 import widths
from apps.fulfilment.selectors.inserts import to_put_in
from apps.fulfilment.selectors.picking import Pick, picks_of, shipments_of_wave

_ROOM = Path(__file__).parent / "typst"


def pick_list(wave: Wave) -> bytes:
    """All shipments of a wave, each with what is picked from where, in the language that is active."""
    shipments = shipments_of_wave(wave)
    picks, inserts = picks_of(shipments), to_put_in(shipments)
    things = {row.insert_id: row.insert for rows in inserts.values() for row in rows}
    pictures = {_picture_name(thing): content for thing in things.values() if (content := _picture(thing))}
    warehouse = _("Warehouse: %(name)s") % {"name": wave.warehouse.name}
    return _set(
        _("Pick list %(number)s") % {"number": wave.number},
        [
            {
                **_sheet(shipment, picks[shipment.pk]),
                "inserts": [_insert(row, pictures) for row in inserts.get(shipment.pk, ())],
            }
            for shipment in shipments
        ],
        note=warehouse,
        for_picker=True,
        pictures=pictures,
    )


def packing_slip(shipment: Shipment) -> bytes:
    """What is in a shipment, in the language of its account. `shipment` comes from `shipment_to_pick`."""
    with translation.override(shipment.account.language):
        sheet = _sheet(shipment, picks_of([shipment])[shipment.pk])
        return _set(_("Packing slip"), [sheet], note="", for_picker=False)


def _set(
    title: str, sheets: Sequence[dict], *, note: str, for_picker: bool, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    document = {
        "language": (get_language() or "en").split("-")[0],
        "rtl": get_language_bidi(),
        "fonts": font_names(),
        "title": title,
        "note": note,
        "for_picker": for_picker,
        "columns": [
            *(_("Location"), _("Product"), _("Quantity"), _("In packs")),
            pgettext("of a line that is picked", "Done"),
        ],
        "labels": {"ship_to": _("To"), "hints": _("For this address"), "inserts": _("Also into the box")},
        "sheets": sheets,
    }
    return set_pdf(_ROOM / "paper.typ", document, pictures)


def _sheet(shipment: Shipment, picks: Sequence[Pick]) -> dict:
    order = shipment.order
    facts = [
        (_("Order number"), order.number),
        (_("PO number"), order.po_number),
        (_("Carrier"), shipment.carrier),
        (_("Promised for"), long_date(shipment.comes_on, get_language()) if shipment.comes_on else ""),
    ]
    return {
        "number": shipment.number,
        "barcode": widths(shipment.number),
        "ship_to": [own_way(line) for line in address_lines(shipment.goes.ship_to_text, order.country, get_language())],
        "account": shipment.account.name,
        "facts": [(name, own_way(value)) for name, value in facts if value],
        "hints": hints_of(shipment.goes),
        "lines": [_line(pick) for pick in picks],
    }


def _line(pick: Pick) -> dict:
    order_line = pick.line.order_line
    return {
        "location": pick.location,
        "sku": order_line.sku,
        "name": order_line.name,
        "note": order_line.note,
        "barcode": widths(order_line.sku),
        "quantity": _number(pick.line.quantity),
        "uom": order_line.uom,
        "packs": own_way(packs_in_words(pick.packs)),
    }


def _insert(row: ShipmentInsert, pictures: Mapping[str, bytes]) -> dict:
    name = _picture_name(row.insert)
    return {
        "name": row.insert.name,
        "kind": row.get_kind_display(),
        "why": row.why,
        "text": row.insert.text if row.kind == Insert.Kind.MESSAGE else "",
        "code": row.coupon_code,
        "sku": row.insert.product.sku if row.insert.product else "",
        "picture": name if name in pictures else "",
    }


def _picture_name(thing: Insert) -> str:
    drawn = thing.picture_file is not None and thing.picture_file.name.endswith(".svg")
    return f"insert-{thing.pk}.{'svg' if drawn else 'png'}"


def _picture(thing: Insert) -> bytes | None:
    """The picture as the typesetter reads it; None where there is none, or none that can be read."""
    if thing.picture_file is None:
        return None
    try:
        if thing.picture_file.name.endswith(".svg"):
            with thing.picture_file.open("rb") as file:
                return file.read()
        with thing.picture_file.open("rb") as file, Image.open(file) as image:
            image.thumbnail((320, 320))
            out = BytesIO()
            image.convert("RGBA").save(out, "PNG")
    except (OSError, UnidentifiedImageError):  # a file that is gone: the name says it as well
        return None
    return out.getvalue()


def packs_in_words(packs: Sequence[Packs]) -> str:
    """2 x carton (100) + 5; "" where nothing is packed."""
    if all(not pack.name for pack in packs):
        return ""
    return " + ".join(
        f"{_number(pack.count)} × {pack.name} ({_number(pack.size)})" if pack.name else _number(pack.count)
        for pack in packs
    )


def _number(figure: int) -> str:
    return number_writer(get_language()).write(figure)
