"""Where ship-tos are, from a sheet: looked through, refused line by line, put live."""

from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.models import Account, ShipTo
from apps.accounts.selectors import actor_for
from apps.core.models import Event
from apps.integrations.ship_to_places.reading import MOST, looked_through

pytestmark = pytest.mark.django_db
HEAD = "Account number;Ship-to;Lat;Lon"


@pytest.fixture
def otto(world, signed_in):
    return signed_in(world.otto)


def upload(client, *lines, name="places.csv", head=HEAD):
    file = SimpleUploadedFile(name, "\n".join([head, *lines]).encode())
    return client.post(reverse("admin:accounts_shipto_places"), {"file": file})


def at(ship_to) -> tuple:
    ship_to.refresh_from_db()
    return ship_to.latitude, ship_to.longitude


def test_a_sheet_is_looked_through_and_put_live_when_somebody_says_so(otto, world):
    assert (
        reverse("admin:accounts_shipto_places")
        in otto.get(reverse("admin:accounts_shipto_changelist")).content.decode()
    )
    page = upload(otto, "ac-1;;53,958;-1.0815", "AC-2;main;53.801234;-1.5491", "AC-9;;1;1", "", "AC-3;MAIN;153;2")
    said = page.content.decode()
    assert page.status_code == 200 and at(world.dock) == (None, None), "nothing is live yet"
    assert "Place 2 ship-tos" in said and "Brightwater Leeds" in said
    assert 'import-acts"><form' in said, "a row of buttons without a form inside is hidden"
    assert said.index("No account has the number “AC-9”") < said.index("“153” is no latitude")
    assert [line for line, _why in page.context["found"].refused] == [4, 6]
    for _twice in range(2):
        answer = otto.post(reverse("admin:accounts_shipto_places"), {"rows": page.context["rows"]})
        assert answer.status_code == 302
    assert at(world.dock) == (D("53.95800"), D("-1.08150")) and at(world.leeds_dock) == (D("53.80123"), D("-1.54910"))
    assert world.dock.place.is_rough is False
    told = Event.objects.filter(name="ship_to.placed").values_list("account_ref", "actor_name", "facts__latitude")
    assert sorted(told) == [(world.brightwater.pk, "Otto", "53.95800"), (world.leeds.pk, "Otto", "53.80123")]
    again = upload(otto, "AC-1;MAIN;53.958;-1.0815").context["found"]
    assert (again.unchanged, again.placed, again.refused) == (1, [], [])


def test_each_line_that_is_not_certain_is_refused_with_why(world):
    ShipTo.objects.create(account=world.brightwater, code="YARD", name="Yard", street="x", city="York")
    ShipTo.objects.create(account=world.calder, code="OLD", name="Old", street="x", city="York", is_active=False)
    ShipTo.objects.filter(account=world.leeds).update(is_default=False)
    ShipTo.objects.create(account=world.leeds, code="B", name="B", street="x", city="Leeds")
    rows = [
        (2, "AC-1", "YARD", "53.9", "-1.1"), (3, "AC-1", "yard", "53.9", "-1.1"), (4, "", "YARD", "53.9", "-1.1"),
        (5, "", "MAIN", "53.9", "-1.1"), (6, "AC-2", "", "53.9", "-1.1"), (7, "AC-3", "OLD", "53.9", "-1.1"),
        (8, "", "", "53.9", "-1.1"), (9, "AC-3", "", "53.9", ""), (10, "AC-3", "", "NaN", "1"),
        (11, "AC-3", "", "1,234.5", "1"), (12, "AC-1", "", "-1.08", "53.96"), (13, "AC-3", "", "53.9", "-181"),
    ]  # fmt: skip
    found = looked_through(actor_for(world.otto), rows)
    assert [line for line, _why in found.refused] == [3, 4, 5, 6, 7, 8, 9, 10, 11, 13]
    why = dict(found.refused)
    assert "Line 2 says where this ship-to is already" in why[3] and why[4] == why[3]
    assert why[5] == why[6] and "Several ship-tos" in why[5]
    assert "There is no ship-to “OLD” there" in why[7] and "names neither" in why[8]
    assert "is no longitude" in why[9] and "is no latitude" in why[11] and "is no longitude" in why[13]
    yard, swapped = found.placed
    assert yard.kilometres is None and swapped.kilometres > 5000, "the two in the wrong order stand out"


def test_as_many_queries_for_many_rows(world, django_assert_num_queries):
    actor = actor_for(world.otto)
    rows = [(line, f"AC-{line}", "", "53.9", "-1.1") for line in range(1, 4)]
    for some in (rows[:1], rows):
        with django_assert_num_queries(1):
            assert len(looked_through(actor, some).placed) == len(some)


@pytest.mark.parametrize(
    ("head", "lines", "says"),
    [
        ("Name;Lat;Lon", ["x;1;2"], "No column is called account or ship-to"),
        ("Account;Lat;Where", ["x;1;2"], "No column is called longitude"),
        ("Account", ["x"], "names no columns parted by"),
        (HEAD, ["AC-1;;1;2"] * (MOST + 1), f"more than {MOST} rows"),
    ],
)
def test_a_file_that_is_no_such_sheet_is_refused(head, lines, says, otto, world):
    assert says in upload(otto, *lines, head=head).content.decode()


def test_what_comes_back_from_the_page_is_trusted_no_more_than_a_file(otto, world, client):
    page = reverse("admin:accounts_shipto_places")
    for odd in ("x", "{}", "[[1]]", '[["a", "AC-1", "", "1", "2"]]', "[1]"):
        assert "Upload the file again" in otto.post(page, {"rows": odd}).content.decode(), odd
    otto.post(page, {"rows": '[[2, "AC-1", "", "91", "2"], [3, "AC-9", "", "1", "2"]]'})
    assert at(world.dock) == (None, None)
    client.force_login(world.anna.user)
    assert client.get(page).status_code == 302 and Account.objects.count() == 3
