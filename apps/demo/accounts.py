"""Accounts in their trees, the people there, and where goods go."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from random import Random
from typing import NamedTuple

from django.utils.text import slugify

from apps.accounts.models import Account, Consent, Contact, Objection, ShipTo, User
from apps.accounts.rules import USUAL_BASIS, path_of
from apps.accounts.services import address_hash
from apps.core import numbers
from apps.demo import words
from apps.demo.chance import dice
from apps.demo.clock import Clock
from apps.demo.house import USER_COLUMNS, House
from apps.demo.load import copy_rows
from apps.demo.logins import BUYER_HOUSE
from apps.ordering.services.writing import address_of

ACCOUNT_COLUMNS = (
    "id", "number", "name", "parent_id", "path", "group_id", "rep_id", "segment", "country", "currency", "language",
    "time_zone", "vat_number", "vat_verified", "welcome", "is_test", "since_on",
)  # fmt: skip
CONTACT_COLUMNS = (
    "id", "account_id", "user_id", "name", "email", "phone", "job_title", "role", "persona", "language", "time_zone",
    "spend_limit", "survey_consent", "survey_objected_at",
)  # fmt: skip
SHIP_TO_COLUMNS = (
    "id", "account_id", "code", "name", "street", "postal_code", "city", "country", "time_zone", "contact_name",
    "phone", "receiving_from", "receiving_to", "receiving_days", "gate", "unloading", "markings", "is_default",
)  # fmt: skip
STAGE = 2  # the account of the demo's buyer
SILENT, NEW = 3, 5  # its sisters: one that ordered nothing for months, one that ordered for the first time
LAUNDRY = "laundry.ashgrove.example"
TEST_ACCOUNT = 7  # where operations try things out
ZONES = {
    "GB": "Europe/London", "IE": "Europe/Dublin", "DE": "Europe/Berlin", "TH": "Asia/Bangkok", "KR": "Asia/Seoul",
    "VN": "Asia/Ho_Chi_Minh", "AE": "Asia/Dubai",
}  # fmt: skip
LANGUAGES = {"TH": "th", "KR": "ko", "VN": "vi", "AE": "fa"}
GROUP_OF = {"Facility management": 1, "Public sector": 2, "Manufacturing": 3, "Food & drink": 4}
JOBS = (
    ("buyer", "operator", "Buyer"),
    ("approver", "decision_maker", "Head of operations"),
    ("finance", "gatekeeper", "Accounts payable"),
    ("receiver", "end_user", "Goods-in"),
    ("buyer", "operator", "Maintenance planner"),
    ("administrator", "gatekeeper", "Purchasing manager"),
)
LIMITS = (None, "500.00", "1000.00", "2500.00", "1000.00", None)
WELCOMES = (
    "Good to have you with us. Your contract prices are live; tell me what is missing from your range.",
    "Your frame agreement runs on. I have put together what sites like yours reorder most – see my picks below.",
    "Stocktaking is near: order consumables early and we hold them for you free of charge.",
)
DOCKS = ("Gate 1", "Gate 3, ring twice", "Goods-in at the rear", "Dock 2", "Reception", "")
UNLOADING = ("Fork-lift on site", "Tail-lift needed", "Hand unloading, no pallets over 1.2 m", "")


class Someone(NamedTuple):
    """A contact while the demo is made."""

    pk: int
    user: int
    name: str
    role: str
    language: str
    spend_limit: str | None
    consents: bool
    objected: bool


class Place(NamedTuple):
    """A ship-to while the demo is made, with its address as it stands on orders."""

    pk: int
    text: str
    city: str


@dataclass
class Party:
    """An account while the demo is made."""

    pk: int
    name: str
    segment: str
    country: str
    parent: int | None = None
    path: str = ""
    rep: int = 0
    domain: str = ""
    people: list[Someone] = field(default_factory=list)
    ship_tos: list[Place] = field(default_factory=list)

    @property
    def number(self) -> str:
        return f"AC-{numbers.FIRST + self.pk - 1}"

    def who(self, role: str) -> Someone:
        """Somebody in a role, or else whoever comes first."""
        return next((person for person in self.people if person.role == role), self.people[0])

    @property
    def zone(self) -> str:
        return ZONES[self.country]

    @property
    def language(self) -> str:
        return LANGUAGES.get(self.country, "en") if self.pk % 2 else "en"


def parties(count: int, house: House) -> list[Party]:
    """`count` accounts: first the family of the demo's buyer, then groups and single firms, one in eight abroad."""
    chance, found = dice("accounts"), list(_ashgrove())
    for party in _others(count, chance):
        party.pk = len(found) + 1
        if party.pk == NEW:
            party = Party(NEW, "Ashgrove Laundry", "Facility management", "GB", parent=1, domain=LAUNDRY)
        elif party.parent:
            party.parent += party.pk
        found.append(party)
        if len(found) == count:
            break
    for party in found:
        party.path = path_of(found[party.parent - 1].path if party.parent else None, party.pk)
        party.rep = _rep_of(party, house, found)
        party.domain = party.domain or f"{slugify(party.name)}.example"
    return found


def _ashgrove() -> Iterator[Party]:
    yield Party(1, "Ashgrove Group", "Facility management", "GB", domain="group.ashgrove.example")
    yield Party(2, "Ashgrove Facilities", "Facility management", "GB", parent=1, domain=BUYER_HOUSE)
    yield Party(3, "Ashgrove Kitchens", "Food & drink", "GB", parent=1, domain="kitchens.ashgrove.example")


def _others(count: int, chance: Random) -> Iterator[Party]:
    """`parent` is how many places back the parent stands."""
    segments, made = list(words.TRADES), 0
    while True:
        made += 1
        if made % 8 == 0:
            yield _abroad(made // 8, chance)
            continue
        segment = segments[made * 5 % len(segments)]
        first, last = words.FIRST[1 + made * 11 % (len(words.FIRST) - 1)], words.TRADES[segment]
        place = made // 150
        suffix = (
            f" {words.CITIES['GB'][place % 16][0]}" + (f" {place // 16 + 1}" if place >= 16 else "") if place else ""
        )
        if made % 5 == 0 and count > 10:
            yield Party(0, f"{first} Group{suffix}", segment, "GB")
            for back, word in enumerate(chance.sample(last, chance.randint(2, 3)), 1):
                yield Party(0, f"{first} {word}{suffix}", segment, "GB", parent=-back)
        else:
            yield Party(0, f"{first} {last[made * 3 % len(last)]}{suffix} Ltd", segment, "GB")


def _abroad(number: int, chance: Random) -> Party:
    countries = list(words.ABROAD)
    country = countries[number % len(countries)]
    names = words.ABROAD[country]
    turn = number // len(countries)
    suffix = f" {turn // len(names) + 1}" if turn >= len(names) else ""
    return Party(0, names[turn % len(names)] + suffix, chance.choice(list(words.TRADES)), country)


def _rep_of(party: Party, house: House, found: list[Party]) -> int:
    """One rep for a whole family of accounts; Europe, Asia and the Gulf have their own."""
    if party.parent:
        return found[party.parent - 1].rep
    reps = house.rep_ids
    abroad = {"IE": 5, "DE": 5, "TH": 6, "KR": 6, "VN": 6, "AE": 7}.get(party.country)
    if abroad is not None and abroad < len(reps):
        return reps[abroad]
    return reps[0] if party.pk == 1 else reps[party.pk * 7 % (5 if len(reps) == 8 else len(reps))]


def save_accounts(found: list[Party], clock: Clock) -> None:
    copy_rows(Account, ACCOUNT_COLUMNS, (_account_row(party, clock) for party in found))
    numbers.advance("AC", numbers.FIRST + len(found))


def _account_row(party: Party, clock: Clock) -> tuple:
    chance = dice(f"account {party.pk}")
    welcome = WELCOMES[party.pk % 3] if party.pk == 2 or chance.random() < 0.4 else ""
    vat = f"{party.country}{party.pk:09d}" if party.country in ("GB", "IE", "DE") else ""
    since = clock.today - timedelta(days=10 if party.pk == NEW else chance.randint(200, 4000))
    return (
        party.pk, party.number, party.name, party.parent, party.path, GROUP_OF.get(party.segment), party.rep,
        party.segment, party.country, "GBP", party.language, party.zone, vat, party.country != "GB" and bool(vat),
        welcome, party.pk == TEST_ACCOUNT, since,
    )  # fmt: skip


def save_contacts(found: list[Party], house: House, clock: Clock) -> None:
    """Contacts, each with a log-in; the people of each party are noted on it."""
    rows = [row for party in found for row in _contact_rows(party, clock)]
    for pk, row in enumerate(rows, 1):
        account, name, _email, _phone, _job, role, _persona, language, _zone, limit, consents, objected = row
        someone = Someone(pk, house.next_user + pk - 1, name, role, language, limit, consents, objected is not None)
        found[account - 1].people.append(someone)
    users = (
        (house.next_user + at, row[2], house.password, row[1], row[7], False, False, clock.ago(days=300))
        for at, row in enumerate(rows)
    )
    copy_rows(User, USER_COLUMNS, users)
    contacts = ((pk, row[0], house.next_user + pk - 1, *row[1:]) for pk, row in enumerate(rows, 1))
    copy_rows(Contact, CONTACT_COLUMNS, contacts)
    _save_consents(rows, clock)
    for pk, role in ((SILENT, "administrator"), (NEW, "receiver")):
        _let_in(found[STAGE - 1].who(role), found[pk - 1])


def _let_in(someone: Someone, party: Party) -> None:
    """Somebody of the demo's account works for a sister of it too, with the same log-in."""
    known = Contact.objects.get(pk=someone.pk)
    also = Contact.objects.create(
        account_id=party.pk, user_id=known.user_id, name=known.name, email=known.email, phone=known.phone,
        job_title=known.job_title, role=known.role, persona=known.persona, time_zone=known.time_zone,
    )  # fmt: skip
    party.people.append(someone._replace(pk=also.pk))


def _save_consents(rows: list[tuple], clock: Clock) -> None:
    """Who wants no questions: some say so themselves, some addresses objected; one in five agreed to offers by mail."""
    said, objected = [], []
    country = dict(Contact.objects.values_list("pk", "account__country"))
    for pk, row in enumerate(rows, 1):
        agrees, objected_at = row[10:12]
        if not agrees:
            said.append(_consent(pk, "survey", False, country[pk], clock))
        if objected_at:
            mail = {"source": Consent.Source.MAIL, "objected_at": objected_at}
            objected.append(Objection(address_hash=address_hash(row[2]), purpose="survey", **mail))
        if pk % 5 == 1:
            said.append(_consent(pk, "marketing", True, country[pk], clock))
    Consent.objects.bulk_create(said, batch_size=1000)
    Objection.objects.bulk_create(objected, ignore_conflicts=True)


def _consent(pk: int, purpose: str, is_given: bool, country: str, clock: Clock) -> Consent:
    return Consent(
        contact_id=pk, purpose=purpose, is_given=is_given, basis=USUAL_BASIS[purpose], country=country,
        source=Consent.Source.PORTAL, said_at=clock.ago(days=120),
    )  # fmt: skip


def _contact_rows(party: Party, clock: Clock) -> Iterator[tuple]:
    """(account, name, e-mail, phone, job, role, persona, language, zone, limit, consent, objected) of each."""
    chance = dice(f"contacts {party.pk}")
    if party.pk == 2:
        yield from _ashgrove_contacts(party)
        return
    given = chance.sample(words.GIVEN[party.country], 6)
    family = chance.sample(words.FAMILY[party.country], 6)
    for at in range(3 if party.pk == NEW else chance.choice((3, 3, 4, 4, 5, 6))):
        name, (role, persona, job) = f"{given[at]} {family[at]}", JOBS[at]
        email = f"{slugify(given[at])}.{slugify(family[at])}@{party.domain}"
        if party.pk == 1 and role == "finance":
            name, email = "Fiona Clarke", f"finance@{BUYER_HOUSE}"
        yield (
            party.pk, name, email, f"{words.DIALLING[party.country]} {chance.randint(100, 999)}", job, role, persona,
            party.language if at % 2 == 0 else "en", party.zone, chance.choice(LIMITS) if role == "buyer" else None,
            chance.random() > 0.07 and (party.pk, at) != (NEW, 0),
            clock.ago(days=90) if chance.random() < 0.02 else None,
        )  # fmt: skip


def _ashgrove_contacts(party: Party) -> Iterator[tuple]:
    """The demo's buyer, approver and receiver, and two colleagues."""
    named = (
        ("Amelia Hart", "buyer", *JOBS[0], "1000.00"),
        ("Martin Ellwood", "approver", *JOBS[1], None),
        ("Rick Osei", "receiver", *JOBS[3], None),
        ("Priya Chaudhry", "priya.chaudhry", *JOBS[4], "500.00"),
        ("Ellen Lockwood", "ellen.lockwood", *JOBS[5], None),
    )
    for at, (name, box, role, persona, job, limit) in enumerate(named):
        phone = f"{words.DIALLING['GB']} {410 + at}"
        email = f"{box}@{party.domain}"
        yield party.pk, name, email, phone, job, role, persona, "en", party.zone, limit, True, None


def save_ship_tos(found: list[Party]) -> None:
    rows = [row for party in found for row in _ship_to_rows(party)]
    copy_rows(ShipTo, SHIP_TO_COLUMNS, ((pk, *row) for pk, row in enumerate(rows, 1)))
    _save_profiles(found)
    for ship_to in ShipTo.objects.order_by("pk").iterator():
        place = Place(ship_to.pk, address_of(ship_to), ship_to.city)
        found[ship_to.account_id - 1].ship_tos.append(place)


ASHGROVE_FACILITIES = 2  # the demo's own buyer


def _save_profiles(found: list[Party]) -> None:
    """What some ask for besides: the demo's own buyer in each of its places, others here and there."""
    ShipTo.objects.filter(account_id=ASHGROVE_FACILITIES, code="S1").update(
        preferred_weekday=2, delivery_note="Two signed copies, our PO number on each page"
    )
    ShipTo.objects.filter(account_id=ASHGROVE_FACILITIES, code="S2").update(prefers_complete=True)
    blind = [party.pk for party in found if party.pk % 9 == 4]
    ShipTo.objects.filter(account_id__in=blind).update(is_blind=True)


def _ship_to_rows(party: Party) -> Iterator[tuple]:
    chance = dice(f"ship-tos {party.pk}")
    cities = words.CITIES[party.country]
    streets = words.STREETS if party.country == "GB" else words.STREETS_ABROAD[party.country]
    sites = 3 if party.pk == 2 else chance.choice((1, 1, 2, 3))
    for at, (city, code) in enumerate(chance.sample(cities, min(sites, len(cities)))):
        opens = chance.choice((6, 7, 7, 8, 8))
        receiver = party.who("receiver").name
        yield (
            party.pk, f"S{at + 1}", ("Main stores", "Site office", "Workshop")[at], f"{chance.randint(1, 180)} "
            f"{chance.choice(streets)}", code, city, party.country, party.zone, receiver,
            f"{words.DIALLING[party.country]} {chance.randint(100, 999)}", time(opens), time(opens + 8),
            "123456" if chance.random() < 0.15 else "12345", chance.choice(DOCKS), chance.choice(UNLOADING),
            f"PO number on each carton; cost centre {chance.randint(100, 999)}" if chance.random() < 0.3 else "",
            at == 0,
        )  # fmt: skip
