"""What an article of a BMEcat shows and hands over: pictures in their order, PDFs by what they are."""

import pytest
from lxml import etree

from apps.integrations.catalogue_import.mimes import document_of, pictures_and_documents

MIMES = """
<ARTICLE xmlns="http://www.bmecat.org/bmecat/2005fd"><MIME_INFO>
  <MIME><MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>detail.jpg</MIME_SOURCE><MIME_PURPOSE>detail</MIME_PURPOSE></MIME>
  <MIME><MIME_TYPE>image/jpeg</MIME_TYPE><MIME_SOURCE>main.jpg</MIME_SOURCE><MIME_PURPOSE>normal</MIME_PURPOSE></MIME>
  <MIME><MIME_TYPE>image/gif</MIME_TYPE><MIME_SOURCE>logo.gif</MIME_SOURCE><MIME_PURPOSE>logo</MIME_PURPOSE></MIME>
  <MIME><MIME_TYPE>application/pdf</MIME_TYPE><MIME_SOURCE>pdf\\x.pdf</MIME_SOURCE>
    <MIME_DESCR>Sicherheitsdatenblatt</MIME_DESCR></MIME>
  <MIME><MIME_TYPE>text/html</MIME_TYPE><MIME_SOURCE>page.html</MIME_SOURCE></MIME>
  <MIME><MIME_TYPE>image/jpeg</MIME_TYPE></MIME>
</MIME_INFO></ARTICLE>
"""


@pytest.mark.parametrize(
    ("root", "at"), [("", ""), ("img", ""), ("https://maker.example/media", "https://maker.example/media/")]
)
def test_the_picture_meant_for_showing_comes_first_and_an_address_is_put_before_it(root, at):
    pictures, documents = pictures_and_documents(etree.fromstring(MIMES), root)
    assert pictures == [f"{at}main.jpg", f"{at}detail.jpg"]
    assert documents == [("safety", "Sicherheitsdatenblatt", f"{at}pdf/x.pdf" if at else "pdf\\x.pdf")]


@pytest.mark.parametrize(
    ("title", "source", "kind", "called"),
    [
        ("", "a/SDS_4711.pdf", "safety", "Safety data sheet"),
        ("Technisches Datenblatt", "x.pdf", "data_sheet", "Technisches Datenblatt"),
        ("EU-Konformitätserklärung", "x.pdf", "certificate", "EU-Konformitätserklärung"),
        ("", "x.pdf", "manual", "Manual"),
        ("Mounting", "x.pdf", "manual", "Mounting"),
    ],
)
def test_a_pdf_is_what_it_is_called(title, source, kind, called):
    assert document_of(title, source) == (kind, called, source)
