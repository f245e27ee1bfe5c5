"""Countries as people write them in exports, to their ISO codes."""

from functools import lru_cache

from django_countries import countries

_ALIASES = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "eire": "IE",
    "rsa": "ZA",
    "usa": "US",
    "uae": "AE",
    "channel islands": "JE",
    "holland": "NL",
    "korea": "KR",
    "viet nam": "VN",
    "iran": "IR",
}


@lru_cache(maxsize=1024)  # a file names few countries on many lines, and looking one up goes through all names
def country_code(text: str, *, otherwise: str) -> str:
    """The ISO 3166 code of a country's name or code; `otherwise` where the text names none."""
    wanted = text.strip()
    folded = wanted.casefold()
    if folded in _ALIASES:
        return _ALIASES[folded]
    if len(wanted) == 2 and wanted.upper() in countries:
        return wanted.upper()
    return countries.by_name(wanted, language="en", insensitive=True) or otherwise
