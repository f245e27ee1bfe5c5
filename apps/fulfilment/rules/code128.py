"""Barcodes in Code 128 (ISO/IEC 15417), code set B.

1. A symbol is the start, a character for each of the text, the check character, the stop.
2. The value of a character is its ASCII code less 32; the check is the start's value and each value times its place,
   modulo 103.
3. A character is three bars and three spaces of 1 to 4 modules, 11 in all; the stop has a fourth bar and 13.
"""

_WIDTHS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122
123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323
131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131
213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122
141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112
124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141
411131 211412 211214 211232 2331112
""".split()
_START_B, _STOP = 104, 106


def symbols(text: str) -> list[int]:
    """The values of the characters of a barcode, from start to stop. Raises `ValueError` for what set B cannot say."""
    values = [ord(character) - 32 for character in text]
    if not values or not all(0 <= value < 95 for value in values):
        raise ValueError(text)
    check = (_START_B + sum(place * value for place, value in enumerate(values, 1))) % 103
    return [_START_B, *values, check, _STOP]


def widths(text: str) -> list[int]:
    """The widths of bars and spaces in modules, a bar first; [] for a text that no barcode of set B can say."""
    try:
        return [int(width) for symbol in symbols(text) for width in _WIDTHS[symbol]]
    except ValueError:
        return []
