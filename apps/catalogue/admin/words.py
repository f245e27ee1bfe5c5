"""The words buyers search by, as operations keep them: what is saved here counts within seconds."""

from django.contrib import admin

from apps.catalogue.models import MeasureUnit, Synonym


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    list_display = ["words"]
    search_fields = ["words"]


@admin.register(MeasureUnit)
class MeasureUnitAdmin(admin.ModelAdmin):
    """Units beside those everybody knows (mm, in, kg, l, V), which a row here overrules. The index is built anew."""

    list_display = ["words", "factor", "base"]
    search_fields = ["words", "base"]
