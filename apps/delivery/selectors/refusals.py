"""Why a way of delivery cannot be chosen, in words; None where it can."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.formatting import number_writer
from apps.delivery.models import DeliveryOption
from apps.delivery.rules import BEYOND_RATES, TOO_LIGHT, Goods, Journey, Rates, SlotOffer, refused
from apps.delivery.selectors.ways import Atlas


def not_this_way(
    option: DeliveryOption, currency: str, journey: Journey | None, goods: Goods, atlas: Atlas
) -> str | None:
    if option.currency != currency:
        return _("Its rates are in %(currency)s only.") % {"currency": option.currency}
    if journey is not None:
        return None
    if option.kind == DeliveryOption.Kind.PICK_UP:
        return _("Not everything is at one branch.")
    if option.kind == DeliveryOption.Kind.DROP_SHIP and not all(lot.is_direct for lot in goods.lots):
        return _("It is for what the supplier sends to you directly; part of this comes from us.")
    if (carrier := atlas.carrier(option)) and not carrier.meets(atlas.receiver):
        return _("It does not run on any day on which you receive goods.")
    return _("It does not go from our warehouse to your country.")


def not_these_goods(option: DeliveryOption, goods: Goods) -> str | None:
    if goods.dangerous and not option.carries_dangerous:
        return _("It does not carry dangerous goods: %(names)s.") % {"names": _named(goods.dangerous)}
    if goods.bulky and not option.carries_bulky:
        return _("It does not carry what is bulky: %(names)s.") % {"names": _named(goods.bulky)}
    return None


def _named(names: tuple[str, ...], most: int = 3) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def not_so_much(rates: Rates, goods: Goods, depths: dict[int, int]) -> str | None:
    why = refused(rates, goods, depths)
    if why is None:
        return None
    write = number_writer(get_language(), 0, 2).write
    if why == BEYOND_RATES:
        text = _("It has no rate for %(weight)s kg and %(volume)s m³ to this address.")
        return text % {"weight": write(goods.weight_kg), "volume": write(goods.volume_m3)}
    if why == TOO_LIGHT:
        text, limit = _("It begins at %(limit)s kg; this weighs %(weight)s kg."), rates.min_weight_kg
    else:
        text, limit = _("It carries up to %(limit)s kg; this weighs %(weight)s kg."), rates.max_weight_kg
    return text % {"limit": write(limit), "weight": write(goods.weight_kg)}


def no_slot(option: DeliveryOption, slots: tuple[SlotOffer, ...]) -> str | None:
    if not option.window_rows or slots:
        return None
    return _("No slot within your receiving hours is free in the next three weeks.")
