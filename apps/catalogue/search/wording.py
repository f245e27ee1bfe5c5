"""From the words a buyer typed to what the index is asked.

1. The text falls into pieces: sizes with their unit, phrases in quotes, words to leave out (-word), words. Words
   joined by `or` are one piece. Hyphens part a word, and an x between numbers falls away.
2. Every piece must be found, in whatever field; a piece scores by the field it fits best, the pieces add up.
3. A piece is also found by what means the same: synonyms, the same size in another unit, two words grown together or
   one taken apart, a code. The last word may be unfinished.
4. A phrase in the name scores more. A whole code comes before the beginning of one, this before a part of one, and
   these before all words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tantivy import Occur, Query

from apps.catalogue.index import Opened
from apps.catalogue.index.analysis import is_foreign, searched_tokens
from apps.catalogue.index.documents import GRAM, grams
from apps.catalogue.index.schema import schema, stems, words
from apps.catalogue.rules import normal_code

LONGEST_TEXT = 120
MOST_PIECES = 16
# What a word is worth where it is found.
FIELDS = {"name": 6.0, "kin": 2.5, "traits": 2.0, "prose": 0.5}
FOREIGN = {"foreign": 6.0, "foreign_prose": 0.5}
UNFINISHED, MEANS_THE_SAME, SIZE, PHRASE, REST = 1.5, 0.8, 4.0, 5.0, 0.1
WHOLE_CODE, BEGINNING, FRAGMENT = 2000.0, 600.0, 200.0
OWN_NUMBER = 1.2  # times the score of the same code of the catalogue
_LEAST_CODE, _LEAST_BEGINNING, _LEAST_OF_A_WORD = 2, 3, 4
_STOP = frozenset("a an and for in of on the to with".split())
_PIECE = re.compile(r'-?"[^"]*"?|\S+')
_TIMES_APART = re.compile(r"(?<=\d)\s+[x×]\s+(?=\d)", re.IGNORECASE)  # "M8 x 40" is said as "M8x40" too
_TIMES = re.compile(r"(?<=\d)[x×](?=\d)", re.IGNORECASE)
_SIZE = re.compile("\ue000(\\d+)\ue001")

Clause = tuple[Occur, Query]


@dataclass(frozen=True, slots=True)
class Term:
    """A word as typed in lower case, and its stem."""

    plain: str
    stem: str


@dataclass(frozen=True)
class Wording:
    """What a text, folded, asks of an index; `own` are ids of products that the account knows by that very number,
    and by one that begins with it or contains it."""

    index: Opened
    text: str
    own: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())

    @cached_property
    def pieces(self) -> list[str]:
        return _PIECE.findall(_TIMES_APART.sub(" ", self._with_sizes))[:MOST_PIECES]

    @cached_property
    def sizes(self):
        return self.index.units.measures(self.text)

    @property
    def _with_sizes(self) -> str:
        """The text with each size replaced by a mark of its place among the sizes."""
        parts, end = [], 0
        for place, size in enumerate(self.sizes):
            parts += [self.text[end : size.start], f" \ue000{place}\ue001 "]
            end = size.end
        return "".join([*parts, self.text[end:]])

    def query(self, *, least: int | None = None) -> Query:
        """What finds products by all the pieces; by at least `least` of them where that is said."""
        wanted, unwanted = self._groups()
        clauses = [_any(self._by_words(wanted, least), *self._by_codes())] if wanted else [*self._by_codes()]
        if not clauses:
            return Query.all_query() if unwanted else Query.empty_query()
        return _all(clauses, without=unwanted)

    @cached_property
    def count(self) -> int:
        """How many pieces must be found."""
        return len(self._groups()[0])

    def _by_words(self, groups: Sequence[Query], least: int | None) -> Query:
        if least is not None:
            together = Query.boolean_query([(Occur.Should, group) for group in groups], least)
        else:
            together = _all(groups)
        phrase = self._phrase()
        return together if phrase is None else Query.boolean_query([(Occur.Must, together), (Occur.Should, phrase)])

    def _groups(self) -> tuple[list[Query], list[Query]]:
        """What must be found, and what must not."""
        wanted: list[Query] = []
        unwanted: list[Query] = []
        either = False
        run: list[str] = []
        pieces = self.pieces
        for place, piece in enumerate(pieces):
            is_last = place == len(pieces) - 1
            if piece.lower() == "or" and (wanted or run) and not is_last:
                wanted += self._words(run, unfinished=False)
                run, either = [], True
            elif either:
                right = self._piece(piece, unfinished=is_last)
                wanted[-1:] = [_any(wanted[-1], right)] if right and wanted else [right] if right else wanted[-1:]
                either = False
            elif piece.startswith("-") and len(piece) > 1:
                unwanted += [query] if (query := self._piece(piece[1:], unfinished=False)) else []
            elif piece.startswith('"') or _SIZE.match(piece):
                wanted += self._words(run, unfinished=False)
                run = []
                wanted += [query] if (query := self._piece(piece, unfinished=False)) else []
            else:
                run.append(piece)
        return [*wanted, *self._words(run, unfinished=True)], unwanted

    def _piece(self, piece: str, *, unfinished: bool) -> Query | None:
        if size := _SIZE.match(piece):
            return self._size(int(size[1]))
        if piece.startswith('"'):
            return self._quoted(piece.strip('"'))
        found = self._words([piece], unfinished=unfinished)
        return _all(found) if found else None

    def _size(self, place: int) -> Query:
        size = self.sizes[place]
        written = self.text[size.start : size.end]
        as_typed = [self._fields(term) for term in _terms(_TIMES.sub(" ", written))]
        as_measured = Query.boost_query(_term("measures", size.token), SIZE)
        return _any(as_measured, _all(as_typed)) if as_typed else as_measured

    def _quoted(self, text: str) -> Query | None:
        terms = _terms(text)
        if len(terms) > 1:
            said = [term.stem for term in terms]
            ways = [Query.phrase_query(schema(), field, said) for field in ("name", "prose")]
            return _any(
                *(Query.boost_query(way, FIELDS[field]) for way, field in zip(ways, ("name", "prose"), strict=True))
            )
        return self._fields(terms[0]) if terms else None

    def _words(self, pieces: Sequence[str], *, unfinished: bool) -> list[Query]:
        """What finds each of some words that stand in a row."""
        groups: list[Query] = []
        chunks = [self._chunk(piece) for piece in pieces]
        place = 0
        while place < len(chunks):
            terms, last = chunks[place], unfinished and place == len(chunks) - 1
            if is_foreign(pieces[place]):
                groups += self._foreign(pieces[place], unfinished=last)
                place += 1
                continue
            length, same = self._same(chunks, place)
            if same:
                said = [self._fields(term) for chunk in chunks[place : place + length] for term in chunk]
                groups.append(_any(_all(said), *(Query.boost_query(way, MEANS_THE_SAME) for way in same)))
                place += length
                continue
            joined = self._joined(chunks, place)
            if joined is not None:
                groups.append(_any(_all([self._fields(t) for c in chunks[place : place + 2] for t in c]), joined))
                place += 2
                continue
            if terms and not (len(chunks) > 1 and len(terms) == 1 and terms[0].plain in _STOP):
                groups.append(self._group(pieces[place], terms, len(chunks) > 1, unfinished=last))
            place += 1
        return groups

    def _chunk(self, piece: str) -> list[Term]:
        return _terms(_TIMES.sub(" ", piece))

    def _group(self, piece: str, terms: Sequence[Term], among_others: bool, *, unfinished: bool) -> Query:
        """What finds one typed word, which hyphens and the like may have parted in several."""
        may_go_on = unfinished and (among_others or len(terms[-1].plain) > 1)
        said = [self._fields(term) for term in terms[:-1]] + [self._fields(terms[-1], unfinished=may_go_on)]
        ways = [_all(said)]
        if len(terms) == 1 and (apart := self._apart(terms[0].plain)):
            ways.append(apart)
        if among_others and any(ch.isdigit() for ch in piece):
            ways += self._code(normal_code(piece), 0.02)
        return _any(*ways)

    def _fields(self, term: Term, *, unfinished: bool = False) -> Query:
        """A word in the field it fits best."""
        ways = [Query.boost_query(_term(field, term.stem), worth) for field, worth in FIELDS.items()]
        ways.append(Query.boost_query(_term("foreign", term.plain), FOREIGN["foreign"]))
        if unfinished:
            ways.append(_beginning("word", term.plain))
        return Query.disjunction_max_query(ways, REST)

    def _foreign(self, piece: str, *, unfinished: bool) -> list[Query]:
        groups = []
        tokens = searched_tokens(piece)
        for place, token in enumerate(tokens):
            ways = [Query.boost_query(_term(field, token), worth) for field, worth in FOREIGN.items()]
            if unfinished and place == len(tokens) - 1:
                ways.append(_beginning("foreign", token))
            groups.append(Query.disjunction_max_query(ways, REST))
        return groups

    def _phrase(self) -> Query | None:
        """The words of the text close to one another in the name."""
        terms = [term for piece in self.pieces if not piece.startswith(("-", '"', "\ue000")) for term in _terms(piece)]
        found = [term.stem for term in terms if term.plain not in _STOP][:8]
        if len(found) < 2:
            return None
        return Query.boost_query(Query.phrase_query(schema(), "name", found, 2), PHRASE)

    # -- the same in other words

    def _same(self, chunks: Sequence[Sequence[Term]], place: int) -> tuple[int, list[Query]]:
        """The longest synonym that begins here, in chunks, and what else may be said for it."""
        known = self.index.learnt.get("synonyms")
        if known is None or known[0] is not self.index.synonyms:
            known = self.index.learnt["synonyms"] = (self.index.synonyms, _synonyms(self.index.synonyms))
        for length in range(min(4, len(chunks) - place), 0, -1):
            said = tuple(term.stem for chunk in chunks[place : place + length] for term in chunk)
            if others := known[1].get(said):
                return length, [_all([self._fields(term) for term in other]) for other in others]
        return 0, []

    def _joined(self, chunks: Sequence[Sequence[Term]], place: int) -> Query | None:
        """Two words as one, where the catalogue has that one: screw driver, screwdriver."""
        pair = [chunk[0].plain for chunk in chunks[place : place + 2] if len(chunk) == 1]
        if len(pair) < 2 or not all(word.isalpha() and len(word) > 2 for word in pair):
            return None
        one = "".join(pair)
        return self._fields(_terms(one)[0]) if self._is_known(one) else None

    def _apart(self, word: str) -> Query | None:
        """One word as two, where the catalogue does not have it but has those."""
        if len(word) < 6 or not word.isalpha() or self._is_known(word):
            return None
        for cut in range(3, len(word) - 2):
            if self._is_known(word[:cut]) and self._is_known(word[cut:]):
                return _all([self._fields(term) for term in _terms(f"{word[:cut]} {word[cut:]}")])
        return None

    def _is_known(self, word: str) -> bool:
        return self.index.searcher.doc_freq("word", word) > 0

    # -- codes

    def _by_codes(self) -> Iterator[Query]:
        """The whole text as a code of the catalogue, or as one of the account's own."""
        yield from self._code(normal_code(self.text), 1.0)
        for ids, score in zip(self.own, (WHOLE_CODE, BEGINNING), strict=True):
            if ids:
                found = Query.term_set_query(schema(), "id", sorted(ids))
                yield Query.const_score_query(found, score * OWN_NUMBER)

    def _code(self, normal: str, share: float) -> list[Query]:
        """A code, the beginning of one and a part of one, where the text looks like a code."""
        if len(normal) < _LEAST_CODE:
            return []
        ways = [(_term("codes", normal), WHOLE_CODE)]
        if len(normal) >= _LEAST_BEGINNING and any(ch.isdigit() for ch in normal):
            ways.append((_in_a_row(f"^{normal}"), BEGINNING))
            if len(normal) >= GRAM:
                ways.append((_in_a_row(normal), FRAGMENT))
        return [Query.const_score_query(way, score * share) for way, score in ways]

    def by_letters_of_a_code(self) -> Query | None:
        """What has the text in a code, also where it has no digit: what is asked where nothing else was found."""
        normal = normal_code(self.text)
        if len(normal) < _LEAST_OF_A_WORD:
            return None
        return _any(
            Query.const_score_query(_in_a_row(f"^{normal}"), BEGINNING),
            Query.const_score_query(_in_a_row(normal), FRAGMENT),
        )


def _terms(text: str) -> list[Term]:
    return [Term(plain, stem) for plain, stem in zip(words().analyze(text), stems().analyze(text), strict=True)]


def _term(field: str, word: str) -> Query:
    return Query.term_query(schema(), field, word)


def _beginning(field: str, word: str) -> Query:
    begins = Query.fuzzy_term_query(schema(), field, word, distance=0, prefix=True)
    return Query.boost_query(begins, UNFINISHED)


def _in_a_row(code: str) -> Query:
    runs = grams(code)
    return Query.phrase_query(schema(), "grams", runs) if len(runs) > 1 else _term("grams", runs[0])


def _any(*queries: Query) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(list(queries))


def _all(queries: Iterable[Query], without: Iterable[Query] = ()) -> Query:
    clauses: list[Clause] = [(Occur.Must, query) for query in queries]
    clauses += [(Occur.MustNot, query) for query in without]
    return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)


def _synonyms(sets: Iterable[Iterable[str]]) -> dict[tuple[str, ...], list[list[Term]]]:
    """The stems of each phrase -> the other phrases of its set."""
    found: dict[tuple[str, ...], list[list[Term]]] = {}
    for phrases in sets:
        said = [terms for phrase in phrases if (terms := _terms(phrase))]
        for terms in said:
            others = [other for other in said if other is not terms]
            found.setdefault(tuple(term.stem for term in terms), []).extend(others)
    return found
