"""Words to begin an answer with: from a list of names, for the writer to read and send."""

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.selectors import actor_for
from apps.cases.errors import GapLeft
from apps.cases.models import Macro
from apps.cases.rules import filled
from apps.cases.services import answer_case
from tests.workspace.desk import case_of, press, words


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Hello {contact}", "Hello Anna"),
        ("{case}: {order}", "CA-1: […]"),
        ("{contact}{contact}", "AnnaAnna"),
        ("{price} { contact } {}", "{price} { contact } {}"),
        ("{account}", "{me}"),  # what is put in is not looked at again
        ("{{contact}}", "{Anna}"),
    ],
)
def test_names_become_what_the_case_has(body, expected):
    values = {"contact": "Anna", "case": "CA-1", "order": "", "account": "{me}", "me": "Sam"}
    assert filled(body, values) == expected


def test_an_unknown_name_is_refused_and_named(db):
    with pytest.raises(ValidationError, match=r"by the name \{kontakt\}, \{case.owner\}"):
        Macro(name="x", body="{kontakt} {case.owner} {case}").full_clean()
    Macro(name="x", body="{contact}, about {case}").full_clean()


def test_chosen_words_stand_in_the_answer_and_are_escaped(world, signed_in):
    case = case_of(world.brightwater, world.anna, ref="m")
    chosen = Macro.objects.create(name="Sorry", body="Hello {contact}, {me} is at <b>{case}</b>. {order}")
    Macro.objects.create(name="For prices", body="-", cause="price")
    Macro.objects.create(name="Given up", body="-", is_active=False)
    page = words(signed_in(world.sam), "case", case.number, macro=chosen.pk)
    assert f"Hello Anna, Sam is at &lt;b&gt;{case.number}&lt;/b&gt;. […]</textarea>" in page
    assert "For prices" not in page
    assert "Given up" not in page
    assert "[…]</textarea>" not in words(signed_in(world.sam), "case", case.number, macro="999")


def test_an_answer_with_a_gap_is_not_sent_and_stays_as_it_was_written(world, signed_in):
    case = case_of(world.brightwater, world.anna, ref="m")
    refused = press(signed_in(world.sam), "answer_case", case.number, body="Sorry about order […], Anna.")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "write what belongs where […] stands" in page
    assert "Sorry about order […], Anna.</textarea>" in page
    with pytest.raises(GapLeft):
        answer_case(actor_for(world.sam.user), case, body="Sorry about […].", now=world.now)
    assert press(signed_in(world.sam), "answer_case", case.number, body="Sorry, Anna…").status_code == 302
