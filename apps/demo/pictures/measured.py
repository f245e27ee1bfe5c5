"""A sketch with measures: one along the bottom, one up the side."""

INK, LINE, BODY = "#2f3843", "#5d6c75", "#dbe3e6"


def measured(across: str, upright: str = "") -> str:
    """The sketch as SVG; the texts are measures such as "Length 40 mm"."""
    parts = [
        f'<rect x="52" y="64" width="156" height="84" rx="4" fill="{BODY}" stroke="{INK}" stroke-width="2.5"/>',
        f'<path d="M44 106H216" stroke="{LINE}" stroke-width="1" stroke-dasharray="10 4 2 4"/>',
        _arrow("M52 154V184M208 154V184", "M52 178H208M60 174L52 178L60 182M200 174L208 178L200 182"),
        f'<text x="130" y="202" font-size="13" text-anchor="middle" {_FONT}>{across}</text>',
    ]
    if upright:
        parts.append(_arrow("M46 64H26M46 148H26", "M32 64V148M28 72L32 64L36 72M28 140L32 148L36 140"))
        parts.append(f'<text x="130" y="46" font-size="13" text-anchor="middle" {_FONT}>{upright}</text>')
        parts.append(f'<path d="M32 64V52H50" fill="none" stroke="{LINE}" stroke-width="1"/>')
    drawing = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" width="240" height="240">{drawing}</svg>'


_FONT = f'font-family="Noto Sans, sans-serif" fill="{INK}"'


def _arrow(ends: str, line: str) -> str:
    return (
        f'<path d="{ends}" stroke="{LINE}" stroke-width="1"/>'
        f'<path d="{line}" fill="none" stroke="{INK}" stroke-width="1.5"/>'
    )
