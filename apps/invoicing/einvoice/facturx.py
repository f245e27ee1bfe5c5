"""The mark that makes a PDF/A-3 with an invoice inside a Factur-X (ZUGFeRD) document: its metadata (XMP).

Typst writes the PDF/A-3 and attaches the file, but knows nothing of Factur-X. Its metadata stand uncompressed in an
object of their own, and the file ends with a plain table of where each object begins: the metadata are exchanged for
longer ones, and every later object is said to begin that much later.
"""

import re

NAME = "factur-x.xml"
_NS = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_FIELDS = (
    ("DocumentFileName", NAME, "The name of the embedded XML document"),
    ("DocumentType", "INVOICE", "The type of the hybrid document in capital letters"),
    ("Version", "1.0", "The version of the standard of the embedded XML document"),
    ("ConformanceLevel", "EN 16931", "The conformance level of the embedded XML document"),
)
_METADATA = re.compile(rb"<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
_SCHEMAS_END = b"</rdf:Bag></pdfaExtension:schemas>"
_DESCRIPTION_END = b"</rdf:RDF>"


def with_metadata(pdf: bytes) -> bytes:
    """The same PDF marked as Factur-X, profile EN 16931; `ValueError` for one that Typst did not write."""
    head = _METADATA.search(pdf)
    if head is None:
        raise ValueError("the PDF has no metadata of its own")
    start, end = head.end(), head.end() + int(head.group(1))
    xmp = _marked(pdf[start:end])
    new = b"<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n" % len(xmp) + xmp
    grown = len(new) - (end - head.start())
    return _moved(pdf[: head.start()] + new + pdf[end:], after=head.start(), by=grown)


def _marked(xmp: bytes) -> bytes:
    if xmp.count(_SCHEMAS_END) != 1 or xmp.count(_DESCRIPTION_END) != 1:
        raise ValueError("the metadata are not those of a PDF/A")
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"
        for name, _value, words in _FIELDS
    )
    schema = (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{_NS}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value, _words in _FIELDS)
    described = f'<rdf:Description rdf:about="" xmlns:fx="{_NS}">{values}</rdf:Description>'
    xmp = xmp.replace(_SCHEMAS_END, schema.encode() + _SCHEMAS_END)
    return xmp.replace(_DESCRIPTION_END, described.encode() + _DESCRIPTION_END)


def _moved(pdf: bytes, *, after: int, by: int) -> bytes:
    """The file with its table of objects put right: what begins after a place begins that much later."""
    at = pdf.rindex(b"\nxref\n") + 1
    table, trailer = pdf[at:].split(b"trailer\n", 1)

    def later(entry: re.Match) -> bytes:
        begins = int(entry.group(1))
        return b"%010d" % (begins + by if begins > after else begins) + entry.group(2)

    table = re.sub(rb"(\d{10})( \d{5} n)", later, table)
    trailer = re.sub(rb"startxref\n\d+", b"startxref\n%d" % at, trailer)
    return pdf[:at] + table + b"trailer\n" + trailer
