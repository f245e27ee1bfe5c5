"""Filters of lists in the workspace, kept under a name by who works there."""

import pytest
from django.urls import reverse

from apps.accounts.errors import ViewRefused
from apps.accounts.models import DeskView
from apps.accounts.selectors import actor_for
from apps.accounts.services import save_desk_view
from apps.accounts.services.views import MOST
from tests.workspace.desk import case_of, look, press, quote_asked, words


@pytest.mark.parametrize(
    ("page", "query", "kept"),
    [
        ("today", "why=cases&segment=", "why=cases"),
        ("portfolio", "sort=-revenue&class=A&q=", "sort=-revenue&class=A"),
        ("cases", "owner=mine&cause=&after=x", "owner=mine"),
    ],
)
def test_a_filter_is_named_found_again_and_let_go(page, query, kept, world, signed_in):
    rhea = signed_in(world.rhea)
    assert "Choose filters first" in words(rhea, page)
    narrowed = words(rhea, page, **dict(pair.split("=") for pair in query.split("&")))
    assert f'name="query" value="{kept.replace("&", "&amp;")}"' in narrowed, "what was left empty is not kept"
    answer = rhea.post(reverse("workspace:save_view"), {"page": page, "name": " Mine ", "query": kept})
    view = DeskView.objects.get()
    assert (view.name, view.query, view.owner) == ("Mine", kept, world.rhea.user)
    assert answer.url == f"{look(rhea, page).wsgi_request.path}?{kept}&saved={view.pk}"
    opened = rhea.get(answer.url).content.decode()
    assert 'aria-current="true"' in opened and "<bdi>Mine</bdi>" in opened
    mine = "<bdi>Mine</bdi>"
    assert mine in words(rhea, page) and mine not in words(signed_in(world.ruben), page)
    assert press(signed_in(world.ruben), "delete_view", view.pk).status_code == 404
    assert press(signed_in(world.rhea), "delete_view", view.pk).status_code == 302
    assert not DeskView.objects.exists()


def test_today_is_narrowed_to_a_reason_and_a_segment(world, signed_in):
    case_of(world.brightwater, world.anna)
    rhea = signed_in(world.rhea)
    assert "Brightwater Facilities</a>" in words(rhea, "today", why="cases", segment="facilities")
    assert "Nobody needs you for that" in words(rhea, "today", why="quotes")
    assert "Nobody needs you for that" in words(rhea, "today", segment="engineering")
    assert "Brightwater Facilities</a>" in words(rhea, "today", why="<odd>")


def test_what_today_is_narrowed_to_stands_first(world, signed_in):
    quote_asked(signed_in(world.anna), world.bolt, 5000)
    case_of(world.brightwater, world.anna)
    rhea = signed_in(world.rhea)

    def first(**narrowed):
        page = words(rhea, "today", **narrowed)
        listed = page[page.index('id="needy-head"') :]
        return "quote" if listed.index("Quote QU-") < listed.index("CA-") else "case"

    assert (first(why="quotes"), first(why="cases")) == ("quote", "case")


def test_the_same_name_replaces_and_there_is_an_end_to_it(world):
    rhea = actor_for(world.rhea.user)

    def keep(name, page="cases", query="owner=mine"):
        return save_desk_view(rhea, page=page, name=name, query=query, now=world.now)

    assert keep("Mine").pk == keep("MINE", query="owner=nobody").pk
    assert keep("Mine", page="today", query="why=late").pk != DeskView.objects.get(page="cases").pk
    for wrong in ({"name": " "}, {"name": "x" * 61}, {"name": "x", "page": "orders"}, {"name": "x", "query": ""}):
        with pytest.raises(ViewRefused):
            keep(**wrong)
    for number in range(MOST - 2):
        keep(f"{number}")
    with pytest.raises(ViewRefused):
        keep("One more")
