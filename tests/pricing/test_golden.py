"""The golden table of price decisions: what is agreed, how much is bought, what it costs and whose price that is.

The product is a claw hammer of the brand Torvik in Tools > Hand tools > Hammers. An agreement is written with its steps
(`10:1.80` is 1.80 from 10 on; `2:30/200` is 30.00 a carton of 200 from 2 cartons on) and its discounts (`20%` off
everything, `20%/Tools` a category, `20%@Torvik` a brand, `20%x50` from 50 on). A dash says no price.
"""

import re
from decimal import Decimal

import pytest

from apps.core.money import line_net
from apps.pricing.rules import (
    Agreement,
    Break,
    Coupon,
    Discount,
    Place,
    Tariff,
    closest,
    decide,
    discounted,
    in_base_units,
    with_coupon,
)

AGREEMENTS = {
    "BASE": Agreement("list", "BASE", "Base list"),
    "ALSO": Agreement("list", "ALSO", "Second list for everybody"),
    "FIRST": Agreement("list", "FIRST", "Base list of higher priority", priority=5),
    "TRADE": Agreement("group", "TRADE", "Trade"),
    "GUILD": Agreement("group", "GUILD", "Guild, higher priority", priority=9),
    "TREE": Agreement("tree", "TREE", "For the parent and all below", distance=1),
    "KEY": Agreement("account", "KEY", "Key accounts"),
    "SALE": Agreement("promotion", "SALE", "Spring sale"),
    "OWN": Agreement("contract", "OWN", "Own contract"),
    "OTHER": Agreement("contract", "OTHER", "Another own contract"),
    "PARENT": Agreement("contract", "PARENT", "Parent's contract", distance=1),
    "GRAND": Agreement("contract", "GRAND", "Grandparent's contract", distance=2),
    "INSTEAD": Agreement("contract", "INSTEAD", "Own, in place of those above", overrides=True),
    "MIDDLE": Agreement("contract", "MIDDLE", "Parent's, in place of those above", distance=1, overrides=True),
    "SOLE": Agreement("contract", "SOLE", "Sole supply", exclusive=True),
    "SOLE2": Agreement("contract", "SOLE2", "Parent's sole supply", distance=1, exclusive=True),
    "BOTH": Agreement("contract", "BOTH", "Sole and in place", exclusive=True, overrides=True),
}
CATEGORIES = {"Tools": 1, "Hand": 2, "Hammers": 3, "Gloves": 9}
BRANDS = {"Torvik": 7, "Other": 8}
HAMMER = Place(100, (1, 2, 3), 7)

GOLDEN = """
 nothing agreed                                  |                                              |    1 | -      |
 the base list alone                             | BASE 1:2.00                                  |    1 | 2.00   | BASE
 one short of the break                          | BASE 1:2.00 10:1.80                          |    9 | 2.00   | BASE
 on the break                                    | BASE 1:2.00 10:1.80                          |   10 | 1.80   | BASE
 beyond the last break                           | BASE 1:2.00 10:1.80 50:1.60                  | 9999 | 1.60   | BASE
 no step reached                                 | BASE 10:1.80                                 |    9 | -      |
 a dearer break never applies                    | BASE 1:2.00 10:2.20                          |   10 | 2.00   | BASE
 a break as dear as the first changes nothing    | BASE 1:2.00 10:2.00                          |   10 | 2.00   | BASE
 a negative step is no price                     | BASE 1:2.00 5:-1                             |    9 | 2.00   | BASE
 only negative steps are no price                | BASE 1:-2                                    |    1 | -      |
 free of charge is a price                       | BASE 1:0                                     |    1 | 0      | BASE
 group below base                                | BASE 1:2.00; TRADE 1:1.90                    |    1 | 1.90   | TRADE
 group above base                                | BASE 1:2.00; TRADE 1:2.10                    |    1 | 2.00   | BASE
 the tree's list reaches below                   | BASE 1:2.00; TREE 1:1.85                     |    1 | 1.85   | TREE
 terms below group                               | TRADE 1:1.90; KEY 1:1.80                     |    1 | 1.80   | KEY
 list below contract                             | BASE 1:1.50; OWN 1:1.60                      |    1 | 1.50   | BASE
 contract below list                             | BASE 1:1.70; OWN 1:1.60                      |    1 | 1.60   | OWN
 list break below contract                       | BASE 1:2.00 100:1.50; OWN 1:1.60             |  100 | 1.50   | BASE
 contract until the list's break                 | BASE 1:2.00 100:1.50; OWN 1:1.60             |   99 | 1.60   | OWN
 contract only from its break                    | BASE 1:2.00; OWN 50:1.40                     |   49 | 2.00   | BASE
 equal: contract before list                     | BASE 1:2.00; OWN 1:2.00                      |    1 | 2.00   | OWN
 equal: own contract before the parent's         | PARENT 1:1.60; OWN 1:1.60                    |    1 | 1.60   | OWN
 equal: the smaller number of two own contracts  | OWN 1:1.60; OTHER 1:1.60                     |    1 | 1.60   | OTHER
 equal: contract before a promotion              | SALE 20%; OWN 1:1.60; BASE 1:2.00            |    1 | 1.60   | OWN
 equal: terms before group                       | TRADE 1:1.90; KEY 1:1.90                     |    1 | 1.90   | KEY
 equal: terms before tree                        | TREE 1:1.90; KEY 1:1.90                      |    1 | 1.90   | KEY
 equal: tree before group                        | TRADE 1:1.90; TREE 1:1.90                    |    1 | 1.90   | TREE
 equal: group before promotion                   | TRADE 1:1.80; SALE 10%; BASE 1:2.00          |    1 | 1.80   | TRADE
 equal: promotion before base                    | BASE 1:0; SALE 10%                           |    1 | 0      | SALE
 equal: the smaller code of two base lists       | BASE 1:2.00; ALSO 1:2.00                     |    1 | 2.00   | ALSO
 equal: priority among base lists                | ALSO 1:2.00; FIRST 1:2.00                    |    1 | 2.00   | FIRST
 equal: priority before whose list it is         | KEY 1:1.90; GUILD 1:1.90                     |    1 | 1.90   | GUILD
 priority never makes it dearer                  | ALSO 1:1.99; FIRST 1:2.00                    |    1 | 1.99   | ALSO
 parent's contract reaches below                 | PARENT 1:1.55; BASE 1:2.00                   |    1 | 1.55   | PARENT
 parent's lower than own                         | OWN 1:1.60; PARENT 1:1.55                    |    1 | 1.55   | PARENT
 grandparent's reaches below                     | GRAND 1:1.50; PARENT 1:1.55                  |    1 | 1.50   | GRAND
 own in place of the parent's lower             | INSTEAD 1:1.60; PARENT 1:1.55                |    1 | 1.60   | INSTEAD
 own in place, list still competes               | INSTEAD 1:1.60; PARENT 1:1.5; BASE 1:1.58    |    1 | 1.58   | BASE
 own in place of the tree's list too            | INSTEAD 1:1.95; TREE 1:1.85; BASE 1:2.00     |    1 | 1.95   | INSTEAD
 own in place from its break on, and before it   | INSTEAD 50:1.60; PARENT 1:1.55; BASE 1:2     |    1 | 2      | BASE
 the parent's in place of the grandparent's      | MIDDLE 1:1.70; GRAND 1:1.50; BASE 1:2.00     |    1 | 1.70   | MIDDLE
 in place, but the nearer still competes         | MIDDLE 1:1.70; OWN 1:1.65; GRAND 1:1.50      |    1 | 1.65   | OWN
 in place of nothing without a price of its own  | INSTEAD; PARENT 1:1.55                       |    1 | 1.55   | PARENT
 in place by a discount                         | INSTEAD 10%; PARENT 1:1.55; BASE 1:2.00      |    1 | 1.80   | INSTEAD
 exclusive above the list                        | SOLE 1:3; BASE 1:2                           |    1 | 3      | SOLE
 exclusive above an own contract                 | SOLE 1:3; OWN 1:2                            |    1 | 3      | SOLE
 exclusive above a promotion                     | SOLE 1:3; BASE 1:2; SALE 50%                 |    1 | 3      | SOLE
 not yet exclusive                               | SOLE 50:3; BASE 1:2                          |   49 | 2      | BASE
 exclusive from its step on                      | SOLE 50:3; BASE 1:2                          |   50 | 3      | SOLE
 of two exclusive the lower                      | SOLE 1:3; SOLE2 1:2.90                       |    1 | 2.90   | SOLE2
 exclusive and in place                          | BOTH 1:3; SOLE2 1:2.90; BASE 1:2             |    1 | 3      | BOTH
 discount on everything                          | OWN 15%; BASE 1:2.00                         |    1 | 1.70   | OWN
 discount on the category above                  | OWN 20%/Tools; BASE 1:2.00                   |    1 | 1.60   | OWN
 discount on another category                    | OWN 20%/Gloves; BASE 1:2.00                  |    1 | 2.00   | BASE
 the deeper category holds, though it gives less | OWN 30%/Tools 10%/Hand; BASE 1:2.00          |    1 | 1.80   | OWN
 discount on the brand                           | OWN 25%@Torvik; BASE 1:2.00                  |    1 | 1.50   | OWN
 discount on another brand                       | OWN 25%@Other; BASE 1:2.00                   |    1 | 2.00   | BASE
 brand before category                           | OWN 30%/Hammers 5%@Torvik; BASE 1:2.00       |    1 | 1.90   | OWN
 brand in a category before the brand            | OWN 5%@Torvik 12%/Tools@Torvik; BASE 1:2     |    1 | 1.76   | OWN
 brand in another category fits not              | OWN 12%/Gloves@Torvik; BASE 1:2              |    1 | 2      | BASE
 a larger discount from a quantity on            | OWN 5% 15%x50; BASE 1:2.00                   |   50 | 1.70   | OWN
 the smaller discount below it                   | OWN 5% 15%x50; BASE 1:2.00                   |   49 | 1.90   | OWN
 a discount that shrinks with quantity does not  | OWN 15% 5%x50; BASE 1:2.00                   |   50 | 1.70   | OWN
 a discount follows the list's breaks            | OWN 10%; BASE 1:2.00 100:1.50                |  100 | 1.35   | OWN
 a discount off the lower of two base lists      | OWN 10%; BASE 1:2.00; ALSO 1:1.80            |    1 | 1.62   | OWN
 no discount off a group's list                  | OWN 10%; BASE 1:2.00; TRADE 1:1.70           |    1 | 1.70   | TRADE
 no discount where no list price is              | OWN 10%; TRADE 1:1.70                        |    1 | 1.70   | TRADE
 a net price sets the contract's discount aside  | OWN 1:1.90 50%; BASE 1:2.00                  |    1 | 1.90   | OWN
 a discount rounds half up to four places        | OWN 50%; BASE 1:0.0125                       |    1 | 0.0063 | OWN
 a hundred per cent is free                      | OWN 100%; BASE 1:2.00                        |    1 | 0.0000 | OWN
 promotion below a contract                      | SALE 30%; OWN 1:1.60; BASE 1:2.00            |    1 | 1.40   | SALE
 promotion on a category and a brand             | SALE 30%/Hand@Torvik; BASE 1:2.00            |    1 | 1.40   | SALE
 a carton's price, a carton bought               | BASE 1:0.20 1:30/200                         |  200 | 0.1500 | BASE
 a carton's price, one piece short               | BASE 1:0.20 1:30/200                         |  199 | 0.20   | BASE
 from two cartons on                             | BASE 1:0.20 2:28/200                         |  399 | 0.20   | BASE
 two cartons bought                              | BASE 1:0.20 2:28/200                         |  400 | 0.1400 | BASE
 a carton dearer than its pieces never applies   | BASE 1:0.20 1:41/200                         |  200 | 0.20   | BASE
 a price per three rounds half up                | BASE 1:10/3                                  |    3 | 3.3333 | BASE
 pieces in one contract, cartons in another      | OWN 1:0.16; OTHER 1:31/200                   |  200 | 0.1550 | OTHER
"""
COUPONS = """
 off the list                                    | BASE 1:2.00                                  |    1 | 1.80   | HAPPY
 off a contract                                  | OWN 1:1.60; BASE 1:2.00                      |    1 | 1.44   | HAPPY
 not off an exclusive price                      | SOLE 1:3; BASE 1:2                           |    1 | 3      | SOLE
 until the exclusive contract begins             | SOLE 50:3; BASE 1:2                          |   49 | 1.80   | HAPPY
 not without a price                             | BASE 10:2                                    |    1 | -      |
 off a break                                     | BASE 1:2.00 10:1.50                          |   10 | 1.35   | HAPPY
"""
LINES = [
    ("0.35", 1, "JPY", "0"),
    ("0.5", 1, "JPY", "1"),
    ("12.3456", 1000, "JPY", "12346"),
    ("1499.5", 1, "KRW", "1500"),
    ("0.0333", 100, "GBP", "3.33"),
    ("0.125", 1, "GBP", "0.13"),
    ("1.2345", 1, "KWD", "1.235"),
    ("3.3333", 3, "EUR", "10.00"),
]


def cases(table):
    rows = ([cell.strip() for cell in line.split("|")] for line in table.strip("\n").splitlines())
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


def agreed(text):
    """The tariffs of a line of the table, discounts worked out as the selector does."""
    parts = [part.split() for part in text.split(";") if part.strip()]
    net = {name: [_step(said) for said in steps if ":" in said] for name, *steps in parts}
    listed = [step for name, steps in net.items() if AGREEMENTS[name].source == "list" for step in steps]
    for name, *steps in parts:
        fitting = closest([_discount(said) for said in steps if "%" in said], HAMMER)
        yield Tariff(AGREEMENTS[name], net[name] or discounted(listed, fitting))


def _step(said):
    quantity, price, per = re.fullmatch(r"(\d+):(-?[\d.]+)(?:/(\d+))?", said).groups()
    return in_base_units(int(quantity), Decimal(price), int(per)) if per else Break(int(quantity), Decimal(price))


def _discount(said):
    percent, category, brand, quantity = re.fullmatch(r"(\d+)%(?:/(\w+))?(?:@(\w+))?(?:x(\d+))?", said).groups()
    return Discount(Decimal(percent), int(quantity or 1), CATEGORIES.get(category), BRANDS.get(brand))


@pytest.mark.parametrize(("text", "quantity", "price", "ref"), cases(GOLDEN))
def test_the_golden_table(text, quantity, price, ref):
    decision = decide(agreed(text), int(quantity), "GBP")

    assert (decision.unit_price, decision.source_ref) == (None if price == "-" else Decimal(price), ref)


@pytest.mark.parametrize(("text", "quantity", "price", "ref"), cases(COUPONS))
def test_a_coupon_of_ten_per_cent(text, quantity, price, ref):
    coupon = Coupon("HAPPY", "Happy birthday", Discount(Decimal(10)))
    decision = with_coupon(decide(agreed(text), int(quantity), "GBP"), coupon)

    assert (decision.unit_price, decision.source_ref) == (None if price == "-" else Decimal(price), ref)
    below = [step.unit_price for step in decision.breaks if step.min_quantity <= int(quantity)]
    assert decision.unit_price == (below[-1] if below else None)


@pytest.mark.parametrize(("price", "quantity", "currency", "net"), LINES)
def test_a_line_is_rounded_once_to_its_currency(price, quantity, currency, net):
    decision = decide([Tariff(AGREEMENTS["BASE"], [Break(1, Decimal(price))])], quantity, currency)

    assert line_net(quantity, decision.unit_price, currency) == Decimal(net)
    assert decision.currency == currency


def test_the_table_is_long_enough_and_its_cases_differ():
    lines = GOLDEN.strip("\n").splitlines()
    assert len({line.split("|", 1)[1] for line in lines}) == len(lines) >= 60
