"""A sheet of coordinates against the ship-tos there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from apps.accounts.places import place_of_postal_code
from apps.accounts.selectors import ship_tos_known_by
from apps.core.lists import clean
from apps.core.scoping import Actor
from apps.core.sheets import FileRefused
from apps.core.text import folded
from apps.insights.rules.routes import Spot, road_kilometres
from apps.integrations.imports.columns import ColumnsUnclear, letters_of
from apps.integrations.imports.reading import rows_of
from apps.integrations.imports.values import read_decimal

MOST = 5_000
FAR = 150  # kilometres from the middle of the postal code: a degree mistyped, or the two in the wrong order
_PLACES = Decimal("0.00001")
_NAMES = {
    "account": ("account", "accountnumber", "accountno", "customer", "customernumber", "kundennummer", "konto"),
    "code": ("shipto", "shiptocode", "code", "address", "addresscode", "lieferadresse"),
    "latitude": ("latitude", "lat", "breite", "breitengrad"),
    "longitude": ("longitude", "lon", "lng", "long", "länge", "längengrad"),
}
Row = tuple[int, str, str, str, str]  # its line, account, code, latitude, longitude, as written


@dataclass(frozen=True, slots=True)
class Placed:
    """A ship-to that would stand somewhere else; `kilometres` from its postal code where that is far."""

    ship_to: object
    latitude: Decimal
    longitude: Decimal
    kilometres: int | None


@dataclass(slots=True)
class Looked:
    """What a sheet comes to: what would change, how many stay, and the lines refused with why."""

    placed: list[Placed] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def sheet_rows(path: Path) -> list[Row]:
    """The rows of a csv, csv.gz or xlsx. Raises `FileRefused`, or `ColumnsUnclear` where a column is missing."""
    with rows_of(path) as rows:
        columns = _columns(next(rows, []))
        read = []
        for line, row in enumerate(rows, 2):
            said = [row[at].strip() if at is not None and at < len(row) else "" for at in columns]
            if any(said):
                read.append((line, *said))
            if len(read) > MOST:
                raise FileRefused(_("The file has more than %(most)s rows. Split it.") % {"most": MOST})
    return read


def _columns(headings: Sequence[str]) -> list[int | None]:
    """Where account, code, latitude and longitude stand."""
    letters = [letters_of(heading) for heading in headings]
    found = {
        name: next((at for at, each in enumerate(letters) if each in known), None) for name, known in _NAMES.items()
    }
    if found["account"] is None and found["code"] is None:
        raise ColumnsUnclear(_("No column is called account or ship-to: one of them says where a row belongs."))
    for name in ("latitude", "longitude"):
        if found[name] is None:
            raise ColumnsUnclear(_("No column is called %(name)s.") % {"name": name})
    return list(found.values())


def looked_through(actor: Actor, rows: Iterable[Row]) -> Looked:
    """Each row against the ship-tos that the actor may see. One query."""
    rows = [(line, *(clean(folded(text)) for text in said)) for line, *said in rows]
    numbers = {account for _line, account, *_rest in rows if account}
    known = ship_tos_known_by(actor, numbers, {code for _line, account, code, *_at in rows if not account})
    found, seen = Looked(), {}
    for line, account, code, latitude, longitude in rows:
        try:
            ship_to = _named(known, account, code)
            if ship_to.pk in seen:
                raise _Refused(_("Line %(line)s says where this ship-to is already.") % {"line": seen[ship_to.pk]})
            at = _degrees(latitude, 90, _("latitude")), _degrees(longitude, 180, _("longitude"))
        except _Refused as why:
            found.refused.append((line, str(why)))
            continue
        seen[ship_to.pk] = line
        if at == (ship_to.latitude, ship_to.longitude):
            found.unchanged += 1
        else:
            found.placed.append(Placed(ship_to, *at, _far(ship_to, at)))
    return found


class _Refused(Exception):
    """Why a row is not taken, in words."""


def _named(known: Sequence, account: str, code: str):
    here = [each for each in known if not account or each.account.number.casefold() == account.casefold()]
    if not here and account:
        raise _Refused(_("No account has the number “%(number)s”, or it has no ship-to.") % {"number": account})
    if code:
        here = [each for each in here if each.code.casefold() == code.casefold()]
        if not here:
            raise _Refused(_("There is no ship-to “%(code)s” there.") % {"code": code})
    elif account:
        here = [each for each in here if each.is_default] or here
    else:
        raise _Refused(_("The row names neither an account nor a ship-to."))
    if len(here) > 1:
        words = _("Several ship-tos are meant by that: name the account and the ship-to's code.")
        raise _Refused(words)
    return here[0]


def _degrees(text: str, most: int, name: str) -> Decimal:
    has_comma = text.count(",") == 1 and "." not in text
    figure = read_decimal(text.replace(",", ".") if has_comma else text, ".")
    if figure is None or not -most <= figure <= most:
        words = _("“%(text)s” is no %(name)s: degrees from -%(most)s to %(most)s, such as 53.96.")
        raise _Refused(words % {"text": text, "name": name, "most": most})
    return figure.quantize(_PLACES)


def _far(ship_to, at: tuple[Decimal, Decimal]) -> int | None:
    about = place_of_postal_code(ship_to.country, ship_to.postal_code)
    if about is None:
        return None
    apart = road_kilometres(Spot(float(at[0]), float(at[1])), Spot(about.latitude, about.longitude))
    return round(apart) if apart > FAR else None
