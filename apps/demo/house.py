"""The distributor's own people: sales reps, service desk, management, operations."""

from datetime import datetime, time
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from apps.accounts.models import AccountGroup, Rep, User
from apps.demo import logins, words
from apps.demo.chance import dice
from apps.demo.faces import save_face
from apps.demo.load import copy_rows

NAME = "Harrow & Vale"
LETTERHEAD = {
    "name": f"{NAME} Ltd",
    "street": "14 Tannery Row",
    "postal_code": "LS10 2AB",
    "city": "Leeds",
    "vat_number": "GB000000000",
    "registration": "Registered in England, no. 00000000",
    "email": f"accounts@{logins.HOUSE}",
    "phone": "+44 1632 960200",
    "bank": "Calder Bank",
    "iban": "GB00 CALD 0000 0000 0000 00",
}
USER_COLUMNS = ("id", "email", "password", "name", "language", "is_staff", "is_superuser", "date_joined")
REP_COLUMNS = ("id", "user_id", "desk", "title", "phone", "works_to", "time_zone", "photo", "deputy_id")
GROUPS = (
    ("FACILITY", "Facility managers"),
    ("PUBLIC", "Public buyers"),
    ("MACHINE", "Machine builders"),
    ("FOOD", "Food producers"),
)
CLOSES = time(17, 30)
ABROAD = {"Lukas Weber": "Europe/Berlin", "Ploy Siriwan": "Asia/Bangkok", "Farid Nazari": "Asia/Dubai"}


class Person(NamedTuple):
    name: str
    desk: str
    title: str
    login: str = ""


NAMED = (
    Person("Helen Marsh", "rep", "Account manager, facilities", "rep"),
    Person("Daniel Okoro", "rep", "Account manager, manufacturing"),
    Person("Sunita Rao", "rep", "Account manager, food & drink"),
    Person("Iain Campbell", "rep", "Account manager, Scotland and the North"),
    Person("Megan Price", "rep", "Account manager, construction"),
    Person("Lukas Weber", "rep", "Account manager, Europe"),
    Person("Ploy Siriwan", "rep", "Account manager, Asia"),
    Person("Farid Nazari", "rep", "Account manager, Gulf"),
)
DESKS = (
    Person("Sam Adeyemi", "service", "Service desk", "service"),
    Person("Ruth Bellamy", "service", "Service desk"),
    Person("Victoria Lindgren", "manager", "Sales director", "manager"),
)


class House:
    """The reps by what they do; users have the ids from 1 on, operations is the last of them."""

    def __init__(self, reps: int):
        more = tuple(_more(n) for n in range(reps - len(NAMED)))
        self.people = (*NAMED[:reps], *more, *DESKS)
        self.rep_ids = [pk for pk, person in enumerate(self.people, 1) if person.desk == "rep"]
        self.names = {pk: person.name for pk, person in enumerate(self.people, 1)}
        self.service_ids = [pk for pk, person in enumerate(self.people, 1) if person.desk == "service"]
        self.password = make_password(logins.PASSWORD)
        self.next_user = len(self.people) + 2

    def save(self, now: datetime) -> None:
        copy_rows(User, USER_COLUMNS, self._users(now))
        copy_rows(Rep, REP_COLUMNS, (self._rep(pk, person) for pk, person in enumerate(self.people, 1)))
        copy_rows(AccountGroup, ("id", "code", "name"), ((pk, *group) for pk, group in enumerate(GROUPS, 1)))

    def _users(self, now: datetime):
        for pk, person in enumerate(self.people, 1):
            box = person.login or person.name.lower().replace(" ", ".")
            yield pk, f"{box}@{logins.HOUSE}", self.password, person.name, "en", False, False, now
        yield self.next_user - 1, f"operations@{logins.HOUSE}", self.password, "Otto Brandt", "en", True, True, now

    def _rep(self, pk: int, person: Person) -> tuple:
        deputy = self.rep_ids[pk % len(self.rep_ids)] if person.desk == "rep" and len(self.rep_ids) > 1 else None
        phone, zone = f"{words.DIALLING['GB']}{200 + pk:03d}", ABROAD.get(person.name, "Europe/London")
        return pk, pk, person.desk, person.title, phone, CLOSES, zone, save_face(pk, person.name), deputy


def _more(number: int) -> Person:
    chance = dice(f"rep {number}")
    return Person(
        f"{chance.choice(words.GIVEN['GB'])} {words.FAMILY['GB'][number % 30]}-{words.FAMILY['GB'][number // 30 + 7]}",
        "rep",
        "Account manager",
    )
