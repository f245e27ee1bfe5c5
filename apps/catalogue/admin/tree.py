"""The page on which the category tree is put in order: by buttons, by keys, and by dragging where scripts run."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.catalogue.models import Category
from apps.catalogue.selectors import Node, category_tree
from apps.catalogue.services import move_category
from apps.core.errors import Refusal

MOVES = ("up", "down", "in", "out")


@dataclass(frozen=True)
class Branch:
    """A category of the page; `moves` are those of `MOVES` it can make."""

    node: Node
    moves: frozenset[str]
    children: tuple["Branch", ...]


def arrange(admin, request: HttpRequest) -> HttpResponse:
    """Show the tree, or move a category and show it again, there."""
    if not admin.has_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        moved = _move(admin, request)
        return redirect(f"{reverse('admin:catalogue_category_tree')}{f'#category-{moved}' if moved else ''}")
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Arrange the category tree"),
        "opts": admin.model._meta,
        "branches": branches(category_tree(empty=True)),
    }
    return TemplateResponse(request, "admin/catalogue/category/tree.html", context)


def branches(nodes: tuple[Node, ...], *, top: bool = True) -> tuple[Branch, ...]:
    last = len(nodes) - 1
    return tuple(
        Branch(node, _moves(place, last, top=top), branches(node.children, top=False))
        for place, node in enumerate(nodes)
    )


def _moves(place: int, last: int, *, top: bool) -> frozenset[str]:
    can = {"up": place > 0, "down": place < last, "in": place > 0, "out": not top}
    return frozenset(move for move, possible in can.items() if possible)


def _move(admin, request: HttpRequest) -> int | None:
    """Do what a button (`move`: id and direction) or a drag (`category`, `parent`, `before`) asks for."""
    said = request.POST
    try:
        if "move" in said:
            id_, _colon, direction = said["move"].partition(":")
            category, parent, before = _target(_number(id_), direction)
        else:
            category, parent, before = (_number(said.get(name, "")) for name in ("category", "parent", "before"))
        move_category(category or 0, parent_id=parent, before_id=before, now=timezone.now(), actor=request.actor)
    except Refusal as refusal:
        admin.message_user(request, refusal.detail or str(refusal), messages.ERROR)
        return None
    admin.message_user(request, _("%(name)s was moved.") % {"name": Category.objects.get(pk=category)})
    return category


def _target(id_: int | None, direction: str) -> tuple[int | None, int | None, int | None]:
    """The category, its new parent, and what it is to stand before."""
    for parent, nodes in _families(category_tree(empty=True), None):
        ids = [node.id for node in nodes]
        if id_ in ids:
            place = ids.index(id_)
            if direction == "up" and place:
                return id_, parent, ids[place - 1]
            if direction == "in" and place:
                return id_, ids[place - 1], None
            if direction == "out" and parent:
                return id_, *_beside(parent)
            after = place + (2 if direction == "down" else 1)  # what cannot be done leaves it where it is
            return id_, parent, ids[after] if after < len(ids) else None
    return None, None, None


def _families(nodes: tuple[Node, ...], parent: int | None):
    yield parent, nodes
    for node in nodes:
        yield from _families(node.children, node.id)


def _beside(id_: int) -> tuple[int | None, int | None]:
    """The parent of a category, and what follows it there."""
    for parent, nodes in _families(category_tree(empty=True), None):
        ids = [node.id for node in nodes]
        if id_ in ids:
            after = ids.index(id_) + 1
            return parent, ids[after] if after < len(ids) else None
    return None, None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
