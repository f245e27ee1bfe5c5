"""What a company's administrator fills in. Amounts are net, in the account's currency."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.services import Duties
from apps.ordering.services.company import CostCentreWish, PolicyWish, StepWish

ROLES = [
    ("buyer", _("Buyer: orders, within the limits below")),
    ("approver", _("Approver: orders, and says yes to orders of others")),
    ("finance", _("Finance: invoices and budgets, orders nothing")),
    ("receiver", _("Receiver: sees what arrives, and no prices")),
    ("administrator", _("Administrator: everything, and looks after the company")),
]
PERIODS = [("month", _("Month")), ("quarter", _("Quarter")), ("year", _("Year"))]
WHEN_OVER = [
    ("ask", _("An approver is asked")),
    ("block", _("The order is refused")),
    ("warn", _("The buyer is told, and the order passes")),
]
STEPS = 4


def _amount(label, help_text="") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=Decimal(0), max_digits=14, decimal_places=2, help_text=help_text
    )


class DutiesForm(forms.Form):
    """The role and the limits of a person, and which cost centres they order on."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    spend_limit = _amount(_("Limit for one order"), _("Net. An order above it waits for a yes; empty is no limit."))
    period_limit = _amount(_("Limit for a period"), _("Net, of all orders in it; empty is no limit."))
    limit_period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    cost_centres = forms.TypedMultipleChoiceField(
        label=_("Cost centres"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Besides those that are open to everybody."),
    )

    def __init__(self, *args, cost_centres, **kwargs):
        super().__init__(*args, **kwargs)
        own = [(each.pk, str(each)) for each in cost_centres if not each.for_everybody]
        self.fields["cost_centres"].choices = own
        if not own:
            del self.fields["cost_centres"]

    def duties(self) -> Duties:
        typed = self.cleaned_data
        period = typed["limit_period"] or "month"
        return Duties(typed["role"], typed["spend_limit"], typed["period_limit"], period)

    @property
    def cost_centre_ids(self) -> list[int]:
        return self.cleaned_data.get("cost_centres", [])


class InviteForm(DutiesForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), help_text=_("They get a letter with a link that works for seven days."))
    field_order = ["name", "email"]


class RulesForm(forms.Form):
    needs_cost_centre = forms.BooleanField(
        label=_("Every order names a cost centre"),
        required=False,
        help_text=_("Holds as soon as the account has a cost centre."),
    )
    own_policies_only = forms.BooleanField(
        label=_("Its own approval policies replace those of the accounts above"), required=False
    )

    def __init__(self, *args, may_replace: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_replace:
            del self.fields["own_policies_only"]


class CostCentreForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    budget = _amount(_("Budget"), _("Net, anew for each period; empty is no budget."))
    period = forms.ChoiceField(label=_("Budget for each"), choices=PERIODS)
    when_over = forms.ChoiceField(label=_("Above the budget"), choices=WHEN_OVER)
    for_everybody = forms.BooleanField(label=_("Everybody of the account orders on it"), required=False, initial=True)
    people = forms.TypedMultipleChoiceField(
        label=_("Who orders on it"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where not everybody does."),
    )
    is_active = forms.BooleanField(label=_("Open for new orders"), required=False, initial=True)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(each.pk, each.name) for each in people]

    def wish(self) -> CostCentreWish:
        typed = self.cleaned_data
        return CostCentreWish(**{**typed, "people": tuple(typed["people"])})


class PolicyForm(forms.Form):
    """A policy with its steps: `above_0` and `who_0`, and so on. `who` is a role, or "contact:" and an id."""

    name = forms.CharField(label=_("Name"), max_length=80)
    category = forms.TypedChoiceField(label=_("Category"), coerce=int, empty_value=None, required=False)
    cost_centre = forms.TypedChoiceField(label=_("Cost centre"), coerce=int, empty_value=None, required=False)
    ship_to = forms.TypedChoiceField(label=_("Ship-to"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args, categories, cost_centres, ship_tos, approvers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Every category")), *categories]
        self.fields["cost_centre"].choices = [("", _("Every cost centre")), *((c.pk, str(c)) for c in cost_centres)]
        self.fields["ship_to"].choices = [("", _("Every address")), *((each.pk, str(each)) for each in ship_tos)]
        who = [
            ("", _("Nobody more")),
            ("approver", _("Any approver")),
            ("administrator", _("Any administrator")),
            *((f"contact:{each.pk}", f"{each.name} ({each.account.name})") for each in approvers),
        ]
        for at in range(STEPS):
            self.fields[f"above_{at}"] = _amount(_("Above, net"))
            self.fields[f"who_{at}"] = forms.ChoiceField(label=_("Who is asked"), choices=who, required=False)

    def steps(self) -> list[tuple]:
        """The fields of each step, for the page."""
        return [(self[f"above_{at}"], self[f"who_{at}"]) for at in range(STEPS)]

    def clean(self):
        typed = super().clean()
        for at in range(STEPS):
            above, who = typed.get(f"above_{at}"), typed.get(f"who_{at}")
            if who and above is None and f"above_{at}" not in self.errors:
                self.add_error(f"above_{at}", _("Above which amount? Zero is every order."))
            if above is not None and not who and f"who_{at}" not in self.errors:
                self.add_error(f"who_{at}", _("Say who is asked."))
        return typed

    def wish(self) -> PolicyWish:
        typed = self.cleaned_data
        steps = [_step(typed[f"above_{at}"], typed[f"who_{at}"]) for at in range(STEPS) if typed[f"who_{at}"]]
        fits = {f"{name}_id": typed[name] for name in ("category", "cost_centre", "ship_to")}
        return PolicyWish(typed["name"], tuple(steps), **fits)


def _step(above: Decimal, who: str) -> StepWish:
    kind, _colon, contact_id = who.partition(":")
    return StepWish(above, "administrator", int(contact_id)) if contact_id else StepWish(above, kind)


def typed_steps(steps) -> dict:
    """The steps of a policy as the form shows them."""
    shown = {}
    for at, step in enumerate(list(steps)[:STEPS]):
        shown |= {
            f"above_{at}": step.above,
            f"who_{at}": f"contact:{step.contact_id}" if step.contact_id else step.role,
        }
    return shown


class DeputyForm(forms.Form):
    deputy = forms.TypedChoiceField(label=_("Deputy"), coerce=int, empty_value=None)
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until_on = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, *args, approvers, **kwargs):
        super().__init__(*args, **kwargs)
        people = [(each.pk, f"{each.name} ({each.account.name})") for each in approvers]
        self.fields["deputy"].choices = [("", _("Choose somebody")), *people]
