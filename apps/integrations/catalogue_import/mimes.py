"""Pictures and PDFs that an article of a BMEcat names in its MIME_INFO."""

from urllib.parse import urljoin

_NOT_SHOWN = ("thumbnail", "icon", "logo")
#: Parts of a word in what describes a PDF, and what it then is.
_KINDS = (
    ("safety", ("safety", "sicherheitsdatenblatt", "sdb", "sds", "msds")),
    ("certificate", ("certificate", "zertifikat", "conformity", "konformit", "declaration", "erkl")),
    ("data_sheet", ("data sheet", "datasheet", "datenblatt", "data_sheet")),
)
_TITLES = {
    "safety": "Safety data sheet", "certificate": "Certificate", "data_sheet": "Data sheet", "manual": "Manual",
}  # fmt: skip


def pictures_and_documents(element, root: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Sources of the pictures, the one meant for showing first, and (kind, title, source) of the PDFs.

    A source is put below the file's MIME_ROOT where that is an address.
    """
    pictures, documents = [], []
    for mime in element.iterfind("{*}MIME_INFO/{*}MIME"):
        said = {part.tag.rpartition("}")[2]: (part.text or "").strip() for part in mime if isinstance(part.tag, str)}
        source, kind = said.get("MIME_SOURCE", ""), said.get("MIME_TYPE", "").lower()
        purpose = said.get("MIME_PURPOSE", "").lower()
        if not source:
            continue
        source = _below(root, source)
        if kind.startswith("image/") and purpose not in _NOT_SHOWN:
            pictures.append((purpose != "normal", source))
        elif kind == "application/pdf" or source.lower().endswith(".pdf"):
            documents.append(document_of(said.get("MIME_DESCR", ""), source, purpose))
    return [source for _later, source in sorted(pictures, key=lambda found: found[0])], documents


def document_of(title: str, source: str, purpose: str = "") -> tuple[str, str, str]:
    """What a PDF is, by what it is called."""
    told = f"{title} {purpose} {source.rpartition('/')[2]}".casefold()
    kind = next((kind for kind, parts in _KINDS if any(part in told for part in parts)), "manual")
    return kind, title[:120] or _TITLES[kind], source


def _below(root: str, source: str) -> str:
    if root.lower().startswith(("http://", "https://")) and "://" not in source:
        return urljoin(root.rstrip("/") + "/", source.replace("\\", "/").lstrip("/"))
    return source
