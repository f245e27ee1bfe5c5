"""How static files are stored in production: named by their content, compressed, cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Names the ES modules that a module imports by their content too, or a browser would keep an old one."""

    support_js_module_import_aggregation = True
