"""Demands on the number of sentences, words, lines, paragraphs, bullet points and questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from miareview.text import bullets, lines, measure, paragraphs, sentences, words


@dataclass(frozen=True, slots=True)
class Part:
    """One demand, what the response has of it, and whether it is met (None: undecided)."""

    constraint: str
    found: str
    verdict: bool | None


@dataclass(frozen=True, slots=True)
class Demand:
    """From `low` to `high` (None: no limit) of a unit."""

    unit: str
    low: int
    high: int | None

    def met(self, count: int) -> bool:
        return self.low <= count and (self.high is None or count <= self.high)

    def __str__(self) -> str:
        if self.low == self.high:
            return f"exactly {_number_of(self.low, self.unit)}"
        if self.high is None:
            return f"at least {_number_of(self.low, self.unit)}"
        if self.low == 0:
            return f"at most {_number_of(self.high, self.unit)}"
        return f"{self.low} to {_number_of(self.high, self.unit)}"


_NUMBERS = {word: value for value, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty".split())} | {
    "single": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "hundred": 100,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,4}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(?P<unit>sentence|word|line|paragraph|bullet(?:\s+point)?|item\s+bullet(?:ed)?\s+list)s?\b"
_ADJECTIVE = (
    r"(?:(?:simple|complete|complex|compound|succinct|short|concise|brief|long|full|clear|structured|well-crafted"
    r"|single),?\s+)"
)
_COUNT = re.compile(
    rf"(?:between\s+(?P<low>{_NUMBER})\s+and\s+|(?<!\w)(?P<from>{_NUMBER})\s*(?:to|or|[-–])\s*)?"
    rf"(?<![\w.])(?P<number>{_NUMBER})(?:,?\s+|-){_ADJECTIVE}{{0,2}}{_UNIT}(?=(?P<after>[^.;]{{0,40}}))",
    re.I,
)
_MOST = re.compile(
    r"(?:no\s+more\s+than|not\s+more\s+than|at\s+most|up\s+to|maximum(?:\s+of)?|(?:not|without)\s+exceed(?:ing)?|within"
    r"|limit(?:ed|ing)?\b[^.;,]{0,40}\bto(?:\s+only)?|restrict(?:ed|ing)?\b[^.;,]{0,40}\bto|no\s+longer\s+than)\s*$",
    re.I,
)
_FEWER = re.compile(r"(?:fewer|less)\s+than\s*$|\bunder\s*$|\bbelow\s*$", re.I)
_LEAST = re.compile(r"(?:at\s+least|(?:a\s+)?minimum(?:\s+of)?|no\s+(?:fewer|less)\s+than|not\s+less\s+than)\s*$", re.I)
_MORE = re.compile(r"\bmore\s+than\s*$|\bover\s*$", re.I)
# The count is of a part of the response, or of something inside each part.
_OF_PARTS = re.compile(
    r"\b(?:each|per|every|respectively|first|second|third|last|other|another|separate|remaining|stanzas?|exchanges?"
    r"|one of)\b",
    re.I,
)
_PART_AFTER = re.compile(
    r"\s*(?:for|that|about|describing|to\s+describe|of\s+(?:dialogue|which)|is\b|are\b|in\s+passive|contain|must|should)",
    re.I,
)
_BULLETED = re.compile(r"\b(?:in|using|with|as|of|by)\s+(?:a\s+)?bullet(?:ed|s|\s+points?)?\b", re.I)
_QUESTION = re.compile(
    r"\b(?:includ(?:e|es|ing)|us(?:e|es|ing)|incorporat(?:e|es|ing)|contain(?:s|ing)?|must\s+be|with|ends?\s+with)\s+"
    r"(?P<many>an?|one|exactly\s+one|only\s+one)\s+(?P<kind>[\w-]+\s+)?question\b",
    re.I,
)
_EXCLAMATION = re.compile(r"\b(?:using|use|with|including|include)\s+exclamation\s+(?:marks?|points?)", re.I)


def check(component: str, response: str, instruction: str) -> list[Part]:
    """The countable demands of a component, each against the response."""
    asked = _asked(component, instruction)
    parts = [_counted(demand, response, whole=whole) for demand, whole in asked]
    if not asked and not demands(component) and _wants_bullets(component):
        parts.append(_listed(component, response))
    return parts + _marks(component, response)


@lru_cache(maxsize=4096)
def _asked(component: str, instruction: str) -> tuple[tuple[Demand, bool], ...]:
    """The demands that can be counted, each with whether it is meant for the whole response."""
    asked = demands(component)
    if _OF_PARTS.search(component) or len({demand.unit for demand in asked}) < len(asked):
        return ()
    others = demands(instruction)
    return tuple(
        (
            demand,
            all(other == demand for other in others if other.unit == demand.unit)
            and not _for_each(demand.unit, instruction),
        )
        for demand in asked
    )


def _wants_bullets(component: str) -> bool:
    return bool(_BULLETED.search(component)) and not re.search(r"\bwithout\b[^,;]*bullet", component, re.I)


@lru_cache(maxsize=4096)
def demands(text: str) -> tuple[Demand, ...]:
    """The counts that a text asks for, in the order of the text. Counts that are only about right are none."""
    return tuple(_demands(text))


def _demands(text: str) -> Iterator[Demand]:
    for match in _COUNT.finditer(text):
        if _PART_AFTER.match(match["after"]):
            continue
        before = text[max(0, match.start() - 80) : match.start()]
        value = _value(match["number"])
        unit = "bullet" if "bullet" in match["unit"].lower() else match["unit"].lower()
        after = match["after"].lower()
        low = match["low"] or match["from"]
        if low:
            if _value(low) < value:
                yield Demand(unit, _value(low), value)
        elif _LEAST.search(before) or re.match(r"\s*(?:or\s+more|minimum|at\s+least)\b", after):
            yield Demand(unit, value, None)
        elif _FEWER.search(before):
            yield Demand(unit, 0, value - 1)
        elif _MOST.search(before) or re.match(
            r"\s*(?:or\s+(?:less|fewer)|limit|maximum|at\s+most|or\s+under)\b", after
        ):
            yield Demand(unit, 0, value)
        elif _MORE.search(before):
            yield Demand(unit, value + 1, None)
        elif not re.search(r"\b(?:about|around|approximately|roughly|nearly|almost|the|these)\s*$", before, re.I):
            yield Demand(unit, value, value)


def _for_each(unit: str, instruction: str) -> bool:
    """Whether the instruction counts the unit for each of several things ("one word for each of the elements")."""
    return any(
        unit in match["unit"].lower()
        and re.match(r"[^,.;]{0,15}\b(?:for\s+(?:each|every|both|its)|per)\b", match["after"])
        for match in _COUNT.finditer(instruction)
    )


def _value(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.lower()]


def _number_of(count: int, unit: str) -> str:
    unit = {"bullet": "bullet point"}.get(unit, unit)
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _counted(demand: Demand, response: str, *, whole: bool) -> Part:
    count, others = _ways(demand.unit, response)
    verdict: bool | None = None
    if whole:
        met = {demand.met(way) for way in (count, *others)}
        verdict = met.pop() if len(met) == 1 else None
    return Part(str(demand), _number_of(count, demand.unit), verdict)


# Several components of an item ask the same of one response.
@lru_cache(maxsize=32)
def _ways(unit: str, response: str) -> tuple[int, frozenset[int]]:
    """The count as `measure` gives it, and what other sensible people might count."""
    counted = measure(response)
    if unit == "sentence":
        return counted.sentences, frozenset(_sentence_ways(response))
    if unit == "word":
        body = " ".join(line for line in lines(response) if not _is_title(line))
        tokens = [token for token in body.split() if re.search(r"\w", token)]
        return counted.words, frozenset({len(words(body)), len(tokens)})
    if unit == "line":
        return counted.lines, frozenset(_line_ways(response))
    if unit == "paragraph":
        body_blocks = [block for block in paragraphs(response) if len(block) > 1 or not _is_title(block[0].strip())]
        return counted.paragraphs, frozenset({len(body_blocks), len(lines(response))})
    outer = [line for line in response.splitlines() if line[:1].strip()]
    return counted.bullets, frozenset({len(bullets("\n".join(outer)))} - ({0} if counted.bullets else set()))


def _is_title(line: str) -> bool:
    """Whether a line looks like a title, a label or an introduction ("Here is a poem:") rather than like text."""
    return bool(re.match(r"#{1,6}\s|\*\*[^*]+\*\*$|__[^_]+__$", line)) or line.rstrip("*_ ").endswith(":")


_QUOTE = re.compile(r"([\"“])([^\"“”]*)([\"”])")


def _as_one(quote: re.Match[str]) -> str:
    """A quote of several sentences as one word, with the stop at its end."""
    if not re.search(r"[.!?…]\s", quote[2]):
        return quote[0]
    stop = quote[2][-1] if quote[2][-1] in ".!?…" else ""
    return f"{quote[1]}It{stop}{quote[3]}"


def _without_hashtags(text: str) -> str:
    """Up to the last word that is no hashtag, or all of it where that is none."""
    words = list(re.finditer(r"\S+", text))
    last = len(words)
    while last > 1 and re.fullmatch(r"#\w+", words[last - 1][0]):
        last -= 1
    return text[: words[last - 1].end()] if last < len(words) else text


def _sentence_ways(response: str) -> set[int]:
    found = sentences(response)
    rows = lines(response)
    ways = set()
    if len(rows) > 1:  # pieces without a stop may be a poem's lines, a list's items or headings
        ways.add(sum(bool(re.search(r"[.!?…。！？][\"'”’»)\]*_]*$", piece)) for piece in found))
        ways.add(len([piece for row in rows if not _is_title(row) for piece in sentences(row)]))
    # several sentences in quotes, and hashtags at the end, for those who count what stands around them
    for around in (_QUOTE.sub(_as_one, response), _without_hashtags(response)):
        if around != response:
            ways.add(len(sentences(around)))
    # stops inside quotes and after abbreviations, for those who count them
    stops = len(re.findall(r"(?<=\w)[.!?。！？]+(?=[\"'”’»)\]*_]*(?:\s|$))", re.sub(r"(?m)^[ \t]*\d+\.", "", response)))
    if stops > len(found) and re.search(
        r"[\"“”'’)][ ]+[a-z]|\b(?:[A-Za-z]\.){1,}|\.\.\.|…|\b[A-Z][a-z]{1,4}\.", response
    ):
        ways.add(stops)
    return ways


def _line_ways(response: str) -> set[int]:
    rows = lines(response)
    ways = {len([row for row in rows if not _is_title(row)])}
    if len(rows) == 1 and " / " in response:
        ways.add(len(rows[0].split(" / ")))
    blocks = paragraphs(response)
    if len(blocks) > 1:  # a title or a closing remark around the lines that are meant
        ways.add(max(len(block) for block in blocks))
        first = blocks[0]
        if len(first) == 1 and not re.search(r"[.,;!?—-]$", first[0].strip()):
            ways.add(len(rows) - 1)
    return ways


def _listed(component: str, response: str) -> Part:
    count = measure(response).bullets
    verdict: bool | None = True if count >= 2 else None
    if count == 0 and len(lines(response)) <= 1:
        verdict = False
    return Part("in bullet points", _number_of(count, "bullet"), verdict)


def _marks(component: str, response: str) -> list[Part]:
    parts = []
    if _EXCLAMATION.search(component):
        count = response.count("!") + response.count("！")
        parts.append(Part("exclamation marks", _number_of(count, "exclamation mark"), count > 0))
    question = _QUESTION.search(component)
    if question and not re.search(r"\b(?:without|avoid|not)\b", component, re.I):
        count = len(re.findall(r"[?？]+", response))
        alone = not question["kind"] and not re.search(r"\bend", question.group(), re.I)
        one = question["many"].lower().endswith("one")
        # what kind of question it is, and whether more than one will do, is for people to say
        verdict = False if count == 0 else True if alone and (count == 1 or not one) else None
        parts.append(Part("a question", _number_of(count, "question mark"), verdict))
    return parts
