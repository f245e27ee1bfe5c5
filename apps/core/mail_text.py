"""What somebody wrote in a mail, apart from what they quote and how they sign.

1. The text is the plain part, else that of the HTML part: without styles and scripts, what it quotes marked with `>`.
2. A charset that nobody knows, or that is not the one it says, is read as UTF-8, else as Windows-1252: no byte is too
   odd to be shown.
3. Read is at most its beginning, in one pass over it: a mail can be made to take for ever otherwise. What trips over
   its own form has no words.
4. Quoted is every line after `>`, all that follows a line which begins an earlier mail, and all below `-- `.
"""

import html
import re
from collections.abc import Iterator
from email.message import EmailMessage

from apps.core.text import plain

_QUOTES_FROM = re.compile(
    r"^\s*(?:(?:On|Am|Le|El|Op|Il)\b.{0,200}(?:wrote|schrieb|écrit|escribió|schreef|scritto)\b.{0,80}:"
    r"|-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Forwarded message|Message d'origine).*|_{10,})\s*$"
)
_SIGNATURE = re.compile(r"^-- ?$")
_MOST_READ = 500_000  # characters
_TAG = re.compile(r"</?[a-z][a-z0-9]*", re.IGNORECASE)
_ENDS_OF_UNSEEN = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("style", "script", "title")}
_ENDS_OF_LINE = {"<br", "</p", "</div", "</tr", "</li", *(f"</h{level}" for level in range(1, 7))}


def text_of(message: EmailMessage) -> str:
    """The text of a mail; empty where there is none."""
    for kind in ("plain", "html"):
        try:
            body = message.get_body((kind,))
            text = _decoded(body)[:_MOST_READ] if body is not None else ""
            words = plain(_of_html(text) if kind == "html" else text)
        except Exception:  # no proper MIME: the standard library trips over it in many ways
            continue
        if words.strip():
            return words
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
    lines: list[str] = []
    words: list[str] = []
    depth = 0
    for piece, tag in _pieces(text):
        words.append(piece)
        if tag in _ENDS_OF_LINE:
            words.append("\n")
        elif tag in ("<blockquote", "</blockquote", ""):
            lines += _lines("".join(words), depth > 0)
            words, depth = [], max(0, depth + (1 if tag == "<blockquote" else -1))
    return "\n".join(lines)


def _lines(words: str, is_quoted: bool) -> list[str]:
    found = html.unescape(words).split("\n")
    return [f"> {line}" if is_quoted else line.strip() for line in found]


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """(words, the tag that follows, such as `</p`) in one pass; the last tag is empty. What is begun and never ended,
    a tag or something that is not to be seen, ends the text."""
    at = begun = 0
    while (start := text.find("<", at)) >= 0:
        tag = _TAG.match(text, start)
        if tag is None and text[start + 1 : start + 2] not in ("!", "?"):  # less than
            at = start + 1
            continue
        name = tag.group().lower() if tag else "<!"
        yield text[begun:start], name
        begun = at = _end_of(text, start, name)
    yield text[begun:], ""


def _end_of(text: str, start: int, name: str) -> int:
    """Where what begins with that tag is over: the tag, or all that it hides."""
    if name[1:] in _ENDS_OF_UNSEEN:
        found = _ENDS_OF_UNSEEN[name[1:]].search(text, start)
        start = found.start() if found else len(text)
    ending = "-->" if text.startswith("<!--", start) else ">"
    end = text.find(ending, start)
    return end + len(ending) if end >= 0 else len(text)


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
