"""The lines of a quick order in words: see portal/quick_order/_line.html and `core.rows`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalogue.selectors import in_readers_language
from apps.core.formatting import Words, listed
from apps.core.rows import filled
from apps.core.text import isolated
from apps.ordering.rules.places import NoPlace
from apps.ordering.rules.quick_orders import Verdict
from apps.ordering.services.carts import quantity_rule
from apps.portal.cards import addresses_of, availability_of, price_words, promise_words, unit_words

KINDS = {
    "own": gettext_lazy("your number"),
    "mpn": gettext_lazy("manufacturer's number"),
    "gtin": gettext_lazy("GTIN"),
    "competitor": gettext_lazy("another supplier's number"),
    "chosen": gettext_lazy("as you chose"),
}


class Line(NamedTuple):
    """A line in words; `problem` is what keeps it from the cart, the notes are said below its product."""

    key: str
    place: str
    code: str
    typed: str
    name: str
    sku: str
    url: str
    picture: str
    kind: str
    problem: str
    notes: SafeString
    choices: SafeString
    source_url: str
    amount: str
    on_request: bool
    source: str
    source_name: str
    uom: str
    break_price: str
    break_quantity: str
    state: str
    on_hand: str
    arrives_on: str
    promise: str
    quantity: str
    net: str
    is_ready: bool
    is_wrong: bool
    place_typed: str
    place_usual: str
    place_problem: str
    place_choices: SafeString
    has_place: bool


class Note(NamedTuple):
    tone: str
    words: str


class Choice(NamedTuple):
    """One of the products a line may mean; `value` is what the button sends."""

    value: str
    sku: str
    name: str


_NO_PRICE = dict.fromkeys(("amount", "source", "source_name", "break_price", "break_quantity"), "")
_NO_PROMISE = dict.fromkeys(("state", "on_hand", "arrives_on", "promise"), "")


def lines_in_words(
    shown: Sequence[tuple[int, int, object]],
    nearest: Mapping[str, Sequence],
    alike: Mapping[str, Sequence],
    ship_tos: Sequence,
    *,
    choice: str = "portal/quick_order/_choice.html",
) -> list[Line]:
    """(place from 0, line's id, Answer) in words; `nearest` is what unknown codes were likely meant to be, `alike` what
    unknown ship-tos were, `choice` the fragment of a button for a product. `ship_tos` are those a line can name, the
    main one first; none where nobody is asked for one."""
    usual = ship_tos[0].name if ship_tos else ""
    write, url_of, source_url = Words(), addresses_of("portal:product"), reverse("portal:source")
    in_readers_language(_products_of(shown, nearest))
    return [
        _line(place, key, answer, nearest, choice, write, url_of, source_url)._replace(
            place_typed=answer.wish.place,
            place_usual=usual,
            place_problem=place_problem_of(answer, alike.get(answer.wish.place, ()), usual),
            place_choices=_place_choices(key, answer, alike),
            has_place=bool(ship_tos) or bool(answer.wish.place),
        )
        for place, key, answer in shown
    ]


def _products_of(shown: Sequence[tuple[int, int, object]], nearest: Mapping[str, Sequence]) -> list:
    """Every product that is named in these lines."""
    meanings = [answer.meaning for _place, _key, answer in shown]
    named = [each for meaning in meanings for each in (meaning.product, meaning.former, *meaning.candidates) if each]
    return [*named, *(product for found in nearest.values() for product in found)]


def _line(place: int, key: int, answer, nearest: Mapping, choice: str, write: Words, url_of, source_url: str) -> Line:
    meaning, each = answer.meaning, answer.counted
    product = meaning.product or meaning.former
    candidates = meaning.candidates or nearest.get(answer.wish.code, ())
    lost = meaning.verdict in (Verdict.UNKNOWN, Verdict.GONE)
    priced = price_words(answer.decision, write) if answer.decision else {**_NO_PRICE, "on_request": False}
    promised = (
        promise_words(availability_of(product, answer.promise, answer.arrives_on), write)
        if answer.promise
        else _NO_PROMISE
    )
    return Line(
        key=str(key),
        place=write.number(place + 1),
        code=answer.wish.code,
        typed=answer.wish.quantity,
        name=product.name if product else "",
        sku=product.sku if product else "",
        url=url_of(product.sku) if product else "",
        picture=product.thumbnail_url if product else "",
        kind=str(KINDS.get(meaning.kind, "")) if product else "",
        problem=problem_of(answer, bool(candidates)),
        notes=filled("portal/quick_order/_note.html", "note", list(_notes(answer, write)), {}),
        choices=_choices(choice, key, candidates),
        source_url=f"{source_url}?{urlencode({'q': answer.wish.code})}" if lost and answer.wish.code else "",
        uom=str(unit_words(product.uom)) if product and priced["amount"] else "",
        quantity=write.number(each.quantity) if each.quantity is not None else "",
        net=write.money(answer.net, answer.decision.currency) if answer.net is not None else "",
        is_ready=each.quantity is not None,
        is_wrong=not answer.is_ready,
        place_typed="",
        place_usual="",
        place_problem="",
        place_choices=SafeString(),
        has_place=False,
        **priced,
        **promised,
    )


def _choices(template: str, key: int, candidates: Sequence) -> SafeString:
    """Buttons for what a line may mean."""
    choices = [Choice(f"{key}:{product.sku}", product.sku, product.name) for product in candidates]
    return filled(template, "choice", choices, {})


def _place_choices(key: int, answer, alike: Mapping) -> SafeString:
    """Buttons for the ship-tos that a line may mean."""
    found = alike.get(answer.wish.place, ()) if answer.place.refused else ()
    choices = [Choice(f"{key}:{place.code}", place.code, place.name) for place in found]
    return filled("portal/quick_order/_place_choice.html", "choice", choices, {})


def place_problem_of(answer, likely: Sequence, usual: str) -> str:
    """Why a line cannot go where it says, and what to do; "" where it can."""
    refused = answer.place.refused
    if refused == NoPlace.UNKNOWN:
        if likely:
            words = _("None of your addresses is called “%(place)s”. Did you mean one of these?")
        elif usual:
            words = _("None of your addresses is called “%(place)s”. Write its code or name; empty means %(usual)s.")
        else:
            words = _("Your account has no address yet: take “%(place)s” out, and add one at the checkout.")
    elif refused == NoPlace.SEVERAL:
        words = _("Several of your addresses are called “%(place)s”. Which do you mean?")
    elif refused == NoPlace.ABROAD:
        words = _("“%(place)s” is in another country than %(usual)s, with other taxes: order for it on its own.")
    else:
        return ""
    return words % {"place": answer.wish.place, "usual": usual}


def problem_of(answer, has_candidates: bool) -> str:
    """What keeps a line from the cart, and what to do; "" where nothing does."""
    verdict = answer.meaning.verdict
    if verdict == Verdict.NO_CODE:
        return _("There is no code in this line.")
    if verdict == Verdict.UNKNOWN:
        words = _("Nothing in your range has this code. Did you mean one of these?")
        return words if has_candidates else _("Nothing in your range has this code. Check it, or let us find it.")
    if verdict == Verdict.SEVERAL:
        return _("Several products have this code. Which do you mean?")
    if verdict == Verdict.GONE:
        return _("No longer sold, and nothing takes its place.")
    if answer.counted.unreadable:
        return _("How many? Write a whole number without separators, such as 1500.")
    return ""


def _notes(answer, write: Words):
    meaning, each = answer.meaning, answer.counted
    if meaning.verdict == Verdict.REPLACED:
        yield Note("info", _("%(code)s is replaced by this.") % {"code": answer.wish.code})
    if each.with_line is not None:
        yield Note("info", _("Counted with line %(line)s.") % {"line": write.number(each.with_line + 1)})
    if each.together:
        lines = listed([write.number(place + 1) for place in each.together], write.language)
        yield Note("info", _("The same product: lines %(lines)s are added up.") % {"lines": lines})
    if answer.goes:
        parts = [
            _("%(quantity)s to %(place)s") % {"quantity": write.number(quantity), "place": isolated(ship_to.name)}
            for ship_to, quantity in answer.goes
        ]
        yield Note("info", _("Goes there: %(parts)s.") % {"parts": listed(parts, write.language)})
    if each.raised_from is not None:
        raised = _("Raised from %(wished)s to %(quantity)s.")
        figures = {"wished": write.number(each.raised_from), "quantity": write.number(each.quantity)}
        yield Note("warn", f"{raised % figures} {quantity_rule(meaning.product)}")


def lines_said(sentence: str, lines: int, **said: str) -> str:
    """A whole sentence about so many lines, with their number as it is read here."""
    return sentence % {"lines": Words().number(lines), **said}
