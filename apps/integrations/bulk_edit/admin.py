"""The action in the list of products."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalogue.admin import ProductAdmin
from apps.core.errors import Refusal
from apps.integrations.bulk_edit.editing import begin_change
from apps.integrations.bulk_edit.forms import ChangeForm

_SHOWN = 5


@admin.action(description=gettext_lazy("Change the chosen products…"), permissions=["change"])
def change_products(model_admin, request, products):
    """Ask what to change, then show what that would change: nothing is live before somebody says so there."""
    form = ChangeForm(request.POST if "apply" in request.POST else None)
    if form.is_valid():
        skus = products.order_by("sku").values_list("sku", flat=True).iterator(chunk_size=10_000)
        try:
            run = begin_change(skus, form.change(), now=timezone.now(), actor=request.actor)
            return redirect("admin:integrations_catalogueimport_change", run.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.detail)
    across = request.POST.get("select_across") == "1"
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Change products"),
        "opts": model_admin.model._meta,
        "form": form,
        "across": across,
        "count": products.count(),
        "chosen": [] if across else request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "some": list(products.order_by("sku")[:_SHOWN]),
    }
    return TemplateResponse(request, "admin/integrations/bulk_edit/change.html", context)


# The list is the catalogue's; the import is ours, and it knows nothing of it.
ProductAdmin.actions = [*ProductAdmin.actions, change_products]
