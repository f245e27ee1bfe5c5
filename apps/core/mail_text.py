"""What somebody wrote in a mail, apart from what they quote and how they sign.

1. The text is the plain part, else that of the HTML part: without styles and scripts, what it quotes marked with `>`.
2. A charset that nobody knows, or that is not the one it says, is read as UTF-8, else as Windows-1252: no byte is too
   odd to be shown.
3. Quoted is every line after `>`, all that follows a line which begins an earlier mail, and all below `-- `.
"""

import html
import re
from email.message import EmailMessage

from django.utils.html import strip_tags

from apps.core.text import plain

_QUOTES_FROM = re.compile(
    r"^\s*(?:(?:On|Am|Le|El|Op|Il)\b.{0,200}(?:wrote|schrieb|écrit|escribió|schreef|scritto)\b.{0,80}:"
    r"|-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Forwarded message|Message d'origine).*|_{10,})\s*$"
)
_SIGNATURE = re.compile(r"^-- ?$")
_UNSEEN = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_QUOTE_TAGS = re.compile(r"<(/?)blockquote\b[^>]*>", re.IGNORECASE)
_LINE_TAGS = re.compile(r"<br\s*/?>|</(?:p|div|tr|li|h[1-6])\s*>", re.IGNORECASE)


def text_of(message: EmailMessage) -> str:
    """The text of a mail; empty where there is none."""
    for kind in ("plain", "html"):
        try:
            body = message.get_body((kind,))
        except (AttributeError, KeyError, ValueError):  # no proper MIME
            body = None
        if body is not None and (text := _decoded(body)).strip():
            return plain(_of_html(text) if kind == "html" else text)
    return ""


def _decoded(part: EmailMessage) -> str:
    try:
        text = part.get_content()
        if isinstance(text, str) and "\ufffd" not in text:
            return text
    except (LookupError, ValueError, KeyError, AttributeError):
        pass
    raw = part.get_payload(decode=True) or b""
    for charset in ("utf-8", "cp1252"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _of_html(text: str) -> str:
    """Its words, line by line; what stands in a `blockquote` after `>`."""
    parts = _QUOTE_TAGS.split(_UNSEEN.sub("", text))
    said, depth = [], 0
    for at, part in enumerate(parts):
        if at % 2:
            depth = max(0, depth + (-1 if part else 1))
            continue
        words = html.unescape(strip_tags(_LINE_TAGS.sub("\n", part)))
        said += [f"> {line}" if depth else line for line in words.split("\n")]
    return "\n".join(line.strip() if not depth else line for line in said)


def unquoted(text: str) -> tuple[str, str]:
    """(what somebody wrote above and between what they quote, what they quote and sign with)."""
    kept: list[str] = []
    quoted: list[str] = []
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    for at, line in enumerate(lines):
        if _QUOTES_FROM.match(line) or _SIGNATURE.match(line):
            quoted += lines[at:]
            break
        (quoted if line.lstrip().startswith(">") else kept).append(line)
    return _joined(kept), _joined(quoted)


def without_quotes(text: str) -> str:
    """What somebody wrote above and between what they quote of an earlier mail."""
    return unquoted(text)[0]


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
