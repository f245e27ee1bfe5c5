"""The category tree put in order: by the buttons of its page, and as a drag sends it."""

import pytest
from django.urls import reverse

from apps.catalogue.models import Category
from apps.core.models import Event

pytestmark = pytest.mark.django_db
PAGE = "admin:catalogue_category_tree"


@pytest.fixture
def tree(world, client):
    """Top > (A > (A1, A2), B, C), and a desk to move them at."""
    client.force_login(world.otto)
    made = {"Top": Category.objects.create(name="Top", slug="top")}
    for position, (name, parent) in enumerate({"A": "Top", "B": "Top", "C": "Top", "A1": "A", "A2": "A"}.items()):
        made[name] = Category.objects.create(name=name, slug=name, parent=made[parent], position=position)
    client.named = made
    return client


def shape(tree, name: str = "Top") -> str:
    below = Category.objects.filter(parent__name=name).order_by("position", "name").values_list("name", flat=True)
    return name + (f"({' '.join(shape(tree, child) for child in below)})" if below else "")


def move(tree, name: str, direction: str) -> str:
    answer = tree.post(reverse(PAGE), {"move": f"{tree.named[name].pk}:{direction}"})
    assert answer.status_code == 302
    return shape(tree)


@pytest.mark.parametrize(
    ("name", "direction", "after"),
    [
        ("B", "up", "Top(B A(A1 A2) C)"), ("A", "up", "Top(A(A1 A2) B C)"), ("A", "down", "Top(B A(A1 A2) C)"),
        ("C", "down", "Top(A(A1 A2) B C)"), ("B", "in", "Top(A(A1 A2 B) C)"), ("A1", "out", "Top(A(A2) A1 B C)"),
        ("A2", "up", "Top(A(A2 A1) B C)"),
    ],
)  # fmt: skip
def test_a_button_moves_a_category_with_all_below_it(name, direction, after, tree):
    assert move(tree, name, direction) == after
    moved = Category.objects.get(name=name)
    assert moved.path == f"{moved.parent.path}{moved.pk}/"
    assert all(one.path.startswith(one.parent.path) for one in Category.objects.exclude(parent=None))


def test_a_drag_says_where_to(tree):
    ids = {name: one.pk for name, one in tree.named.items()}
    tree.post(reverse(PAGE), {"category": ids["C"], "parent": ids["A"], "before": ids["A2"]})
    assert shape(tree) == "Top(A(A1 C A2) B)"
    tree.post(reverse(PAGE), {"category": ids["A"], "parent": "", "before": ""})
    assert shape(tree) == "Top(B)"
    assert Category.objects.get(name="C").depth == 1
    assert Event.objects.filter(name="category.moved").count() == 2


@pytest.mark.parametrize("target", ["A", "A1"])
def test_nothing_stands_below_itself(target, tree):
    said = {"category": tree.named["A"].pk, "parent": tree.named[target].pk, "before": ""}
    assert "cannot stand below itself" in tree.post(reverse(PAGE), said, follow=True).content.decode()
    assert shape(tree) == "Top(A(A1 A2) B C)"


@pytest.mark.parametrize("said", [{"move": "x:up"}, {"move": ""}, {"category": "9" * 30}, {"category": "1e3"}, {}])
def test_what_names_no_category_moves_nothing(said, tree):
    assert tree.post(reverse(PAGE), said, follow=True).status_code == 200
    assert shape(tree) == "Top(A(A1 A2) B C)"


def test_the_page_names_each_move_in_as_few_queries_for_a_large_tree(tree, world, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        page = tree.get(reverse(PAGE)).content.decode()
    assert "Move A1 one level out" in page
    Category.objects.bulk_create([Category(name=f"X{n}", slug=f"x{n}", path=f"/9{n}/", depth=0) for n in range(50)])
    with django_assert_max_num_queries(7):
        tree.get(reverse(PAGE))


def test_who_may_not_change_categories_does_not_come_here(world, signed_in):
    assert signed_in(world.rhea).get(reverse(PAGE)).status_code in (302, 403)
