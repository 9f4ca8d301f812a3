"""Demands on which words and letters occur, how sentences begin, and on capital letters."""

from __future__ import annotations

import re

from miareview.review.counts import Part
from miareview.text import lines, sentences, words

_QUOTED = re.compile(r"\"([^\"]{1,60})(?:\"|$)|(?<!\w)'([^']{1,60}(?:'\w[^']{0,40})?)'(?!\w)")
_FORBID = re.compile(r"\b(?:without|avoid(?:ing|s)?|do\s+not|don't|never|must\s+not|should\s+not|not)\b", re.I)
_REQUIRE = re.compile(
    r"\b(?:includ(?:e|es|ing)|us(?:e|es|ing)|contain(?:s|ing)?|incorporat(?:e|es|ing)|mention(?:s|ing)?)\s+(?:of\s+)?"
    r"the\s+(?:exact\s+)?(?P<what>words?|phrases?|terms?)\s*[:,]?\s*$",
    re.I,
)
_COLOURS_TOO = re.compile(r",?\s+or\s+any\s+colou?r\s+(?:words?|terms?|names?)\W*$", re.I)  # `colours` has these
_OPEN_END = re.compile(r"\b(?:such\s+as|like|any|other|similar|synonyms?|etc|e\.g)\b", re.I)
_BEGIN = re.compile(r"\b(?:begin(?:s|ning)?|start(?:s|ing)?)\s+(?:it\s+)?with\s+(?:the\s+(?:words?|phrase)\s+)?$", re.I)
_ALL_WORDS = re.compile(
    r"\b(?:every|each|all)\s+words?\s+(?:must\s+|should\s+)?(?:start|begin)(?:s|ing)?\s+with\s+(?:the\s+)?letter\s+['\"](\w)['\"]",
    re.I,
)
_STARTS = r"(?:must\s+|should\s+)?(?:start|begin)(?:s|ning|ing)?\s+with\s+"
_EACH_LETTER = re.compile(
    rf"\b(?:each|every|all)\s+(?P<unit>sentence|line)s?\s+{_STARTS}(?:the\s+)?letter\s+['\"](?P<wanted>\w)['\"]", re.I
)
_ALPHABET = re.compile(
    rf"\b(?:each|every)\s+(?P<unit>sentence|line)\s+{_STARTS}a\s+(?:consecutive|sequential|successive)\s+letter"
    r"\s+of\s+the\s+alphabet(?:,?\s+(?:start|begin)(?:ing|ning)?\s+with\s+['\"](?P<wanted>\w)['\"])?",
    re.I,
)
_ACROSTIC = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:each|every)\s+(?P<unit>sentence|line)\s+{_STARTS}a\s+(?:different\s+)?letter\s+(?:of|from|in)\s+the\s+word\s+"
        r"['\"](?P<wanted>\w{2,20})['\"]",
        r"\bthe\s+word\s+['\"](?P<wanted>\w{2,20})['\"],?\s+where\s+(?:each|every)\s+(?P<unit>sentence|line)\s+"
        rf"{_STARTS}a\s+(?:different\s+)?letter\s+(?:of|from|in)\s+the\s+word",
    )
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth".split()
_NTH = re.compile(
    rf"\b({'|'.join(_ORDINALS)})(?:\s+(sentence|line))?(?:\s+(?:start|begin)(?:s|ning|ing)?)?\s+with\s+"
    r"(?:the\s+(?:letter|word)\s+)?['\"](\w+),?['\"]", re.I,
)  # fmt: skip
_SMALL = re.compile(r"\b(?:in|all|only)\s+(?:in\s+)?(?:all\s+)?(?:lower\s?-?case|small\s+letters)", re.I)
_CAPITAL = re.compile(
    r"\b(?:in|all|only)\s+(?:in\s+)?(?:all\s+)?(?:upper\s?-?case|capitali[sz]ed\s+letters?|capital\s+letters|caps)\b",
    re.I,
)


def check(component: str, response: str) -> list[Part]:
    """The demands of a component on words, beginnings and capitals, each against the response.

    Both texts have straight quotes.
    """
    return [*_quoted(component, response), *_beginnings(component, response), *_case(component, response)]


def quoted(component: str) -> tuple[str, ...]:
    """What stands in straight quotes, without the stops around it."""
    found = ((match[1] or match[2]).strip(" ,.;!?") for match in _QUOTED.finditer(component))
    return tuple(text for text in found if text)


def _quoted(component: str, response: str) -> list[Part]:
    matches = list(_QUOTED.finditer(component))
    if not matches:
        return []
    before, between = component[: matches[0].start()], component[matches[0].start() :]
    named = list(quoted(component))
    if not named:
        return []
    forbid = _FORBID.search(before)
    if forbid and re.search(r"\b(?:us(?:e|ing)|mention\w*|say\w*|words?|terms?|letters?|phrase)\b", before, re.I):
        if re.search(r"\bletters?\s*$", before, re.I):
            return [_without_letters(named, response)]
        demand = _COLOURS_TOO.sub("", before[forbid.start() :] + _QUOTED.sub("", between))
        closed = not _OPEN_END.search(demand) and not re.search(r"\b(?:or|and)\s+the\b", before[forbid.start() :], re.I)
        return [_without_words(named, response, closed=closed)]
    if (
        _BEGIN.search(before)
        and len(named) == 1
        and not re.search(r"\b(?:each|every|sentence|line|word)\b", before, re.I)
    ):
        return [_begins(named[0], response)]
    if _REQUIRE.search(before) and not re.search(r"\b(?:each|every|first|last|start|begin)", between, re.I):
        return [_with_words(named, response, any_will_do=bool(re.search(r"\bor\b", _QUOTED.sub("", between), re.I)))]
    return []


def _occurs(word: str, response: str) -> bool | None:
    """Whether the word stands in the response by itself; None for only as a part or an inflection of another."""
    pattern = r"\s+".join(re.escape(piece) for piece in word.split())
    if re.search(rf"(?<![\w-]){pattern}(?![\w-])", response, re.I):
        return True
    stem = pattern[:-1] if len(word) > 4 and word[-1] in "ey" else pattern
    loose = rf"\b{stem}" if len(word) > 2 else rf"\b{pattern}\b"
    return None if re.search(loose, response, re.I) else False


def _without_words(quoted: list[str], response: str, *, closed: bool) -> Part:
    occurring = [word for word in quoted if _occurs(word, response)]
    unsure = [word for word in quoted if _occurs(word, response) is None]
    constraint = "without " + ", ".join(f'"{word}"' for word in quoted)
    if occurring:
        return Part(constraint, _some([f'"{word}"' for word in occurring]), False)
    if unsure:
        return Part(constraint, _some([f'"{word}"?' for word in unsure]), None)
    return Part(constraint, "none of them" if len(quoted) > 1 else "not there", True if closed else None)


def _without_letters(quoted: list[str], response: str) -> Part:
    letters = [letter.lower() for letter in quoted if len(letter) == 1]
    counts = {letter: response.lower().count(letter) for letter in letters}
    used = [f"{count} {letter}" for letter, count in counts.items() if count]
    constraint = "without the letter " + ", ".join(letters)
    verdict = None if len(letters) < len(quoted) else not used
    return Part(constraint, _some(used) or "not there", verdict)


def _with_words(quoted: list[str], response: str, *, any_will_do: bool) -> Part:
    occurs = [_occurs(word, response) for word in quoted]
    constraint = "with " + (" or " if any_will_do else ", ").join(f'"{word}"' for word in quoted)
    found = _some([f'"{word}"' for word, there in zip(quoted, occurs, strict=True) if there]) or "not there"
    if any_will_do:
        # "the words a, b or c" may also ask for all of them
        return Part(
            constraint, found, True if all(occurs) else False if not any(o is not False for o in occurs) else None
        )
    return Part(constraint, found, False if False in occurs else True if all(occurs) else None)


def _begins(opening: str, response: str) -> Part:
    def fold(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.lower()))

    rows = lines(response)
    verdict: bool | None = fold(response).startswith(fold(opening))
    if not verdict and any(fold(row).startswith(fold(opening)) for row in rows):
        verdict = None  # after a title, perhaps
    return Part(f'begins with "{opening}"', f'"{" ".join(response.split()[: len(opening.split())])[:60]}"', verdict)


def _beginnings(component: str, response: str) -> list[Part]:
    every_word = _ALL_WORDS.search(component)
    if every_word:
        letter = every_word[1].lower()
        firsts = [match[0] for word in words(response.lower()) if (match := re.search(r"[^\W_]", word))]
        right = firsts.count(letter)
        return [Part(f"every word begins with {letter.upper()}", f"{right} of {len(firsts)} words",
                     bool(firsts) and right == len(firsts))]  # fmt: skip
    for pattern, judge in (
        (_EACH_LETTER, _same), (_ALPHABET, _consecutive), (_ACROSTIC[0], _of_word), (_ACROSTIC[1], _of_word)
    ):  # fmt: skip
        match = pattern.search(component)
        if match:
            unit, wanted = match["unit"].lower(), (match["wanted"] or "").lower()
            initials = _initials(unit, response)
            verdict: bool | None = bool(initials) and judge(initials, wanted)
            if not verdict and _unclear(unit, response):
                verdict = None
            name = {_same: f"all with {wanted.upper()}", _consecutive: "letters of the alphabet in order",
                    _of_word: f"letters of {wanted.upper()}"}[judge]  # fmt: skip
            return [Part(f"{unit}s begin: {name}", _letters(initials), verdict)]
    return _nth(component, response)


def _nth(component: str, response: str) -> list[Part]:
    demands = [(_ORDINALS.index(match[1].lower()), match[2], match[3]) for match in _NTH.finditer(component)]
    unit = next((unit.lower() for _, unit, _ in demands if unit), None)
    if unit is None:
        return []
    pieces = _pieces(unit, response)
    right = 0
    for place, _, wanted in demands:
        text = re.sub(r"^\W+", "", pieces[place]) if place < len(pieces) else ""
        pattern = re.escape(wanted) + (r"\b" if len(wanted) > 1 else "")
        right += bool(re.match(pattern, text, re.I))
    wishes = ", ".join(wanted for _, _, wanted in demands)
    verdict: bool | None = right == len(demands)
    if not verdict and _unclear(unit, response):
        verdict = None
    return [Part(f"{unit}s begin: {wishes}", f"{right} of {len(demands)}", verdict)]


def _pieces(unit: str, response: str) -> list[str]:
    return sentences(response) if unit == "sentence" else lines(response)


def _initials(unit: str, response: str) -> str:
    found = [re.search(r"[^\W_]", piece) for piece in _pieces(unit, response)]
    return "".join(match[0] for match in found if match).lower()


def _unclear(unit: str, response: str) -> bool:
    """Whether the response has titles or lists, so that what its sentences or lines are is for people to say."""
    rows = lines(response)
    marked = any(re.match(r"[#*_>\d-]", row) or row.rstrip("*_ ").endswith(":") for row in rows)
    if unit == "sentence":
        return (
            marked
            or len(rows) > 1
            or bool(re.search(r"\.\.\.|…|\b(?:[A-Z]|Mrs?|Ms|Dr|St|\w\.\w)\.\s|[\"')] [a-z]", response))
        )
    return marked or "\n\n" in response.strip() or len(rows) == 1


def _same(initials: str, wanted: str) -> bool:
    return set(initials) == {wanted}


def _consecutive(initials: str, wanted: str) -> bool:
    return initials in "abcdefghijklmnopqrstuvwxyz" and initials.startswith(wanted)


def _of_word(initials: str, wanted: str) -> bool:
    return sorted(initials) == sorted(wanted)


def _letters(initials: str) -> str:
    return " ".join(initials[:12].upper()) + (" …" if len(initials) > 12 else "")


def _case(component: str, response: str) -> list[Part]:
    if _SMALL.search(component):
        count = sum(character.isupper() for character in response)
        return [Part("in lowercase", f"{count} capital letter{'' if count == 1 else 's'}", not count)]
    if _CAPITAL.search(component):
        small = sum(character.islower() for character in response)
        plain = [word for word in words(response) if re.match(r"\W*[a-z]", word)]
        # "in capitalized letters" may also mean Each Word
        verdict = True if not small and re.search(r"[^\W\d_]", response) else False if plain else None
        return [Part("in capital letters", f"{small} small letter{'' if small == 1 else 's'}", verdict)]
    return []


def _some(items: list[str]) -> str:
    return ", ".join(items[:5]) + (" …" if len(items) > 5 else "")
