"""What is said under each label: the number that is meant as the score, and what else it could have meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from miareview.judge.verdicts.amounts import NUMBER, VULGAR, Amount, amount_at
from miareview.judge.verdicts.labels import Label
from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Said
from miareview.judge.verdicts.values import Value, values_in
from miareview.judge.verdicts.words import COMPONENT, INITIAL, PART, UNIT, alternation

_ZONE = 6000  # signs behind a label in which its score may stand
_BARE_ENDS = re.compile(r"[:=|–—→-]|\w")
_UNIT_BEHIND = re.compile(rf"[ \t]{{0,2}}(?:{UNIT})(?![^\W\d_])")
_FILLER = re.compile(
    r"(?:[\s:=|>\"'“”‘’()\[\]{}–—→~.,#/+-]|(?<![^\W\d_])(?:scores?|scored|is|was|are|be|gets?|got|receives?|received"
    r"|earns?|earned|awarded|given|points?"
    r"|pts|marks?|rating|rated|grade|result|a|an|of|the|full|for|i|give|award|it|this|my|has|at|only|yes|no|met|not"
    r"|partially|partly|mostly|fully|verdict|none|full marks|judged|assessed|evaluated|assigned|ok|okay|pass|fail"
    r"|correct|complete"
    r"|erhält|bekommt|hat|mit|punkte|bewertung|note|obtient|reçoit|puntos|puntuación|obtiene|recibe|recebe|nota"
    r"|pontuação|riceve|ottiene|punteggio|voto|"
    r"получает|оценка|балл|wynik|ocena)(?![^\W\d_])|得分|评分|評分|分数|得点|点数|スコア|評価|점수|득점|得|为|是|は|는|은|の|が|に|로|점|만점에?|만점|满分"
    r"|滿分|分|中|点|満点|中の|max(?:imum)?\.?|possible)*"
)
_BEFORE = re.compile(
    rf"(?P<written>{NUMBER})(?P<rest>[^\n;]{{0,40}}?)(?:\s{{0,3}}(?:for|on|to|in|für|pour|para|per|за)"
    rf"|[ \t]{{0,3}}[-–—:→\]])\s{{1,3}}(?:the\s{{1,3}})?(?:score\s{{1,3}}of\s{{1,3}})?$"
)
_LINE_END = re.compile(r"[\s)\].!?\"'”’|*}>✓✔✅❌✗✘👍-]*(?:\n|$)")
_SENTENCE_END = re.compile(rf"[\s)\]\"'”’]*(?:(?:{UNIT})[\s)\]]*)?(?:\n|$|\.(?!\d)|;)")
_NOT_SCORED = re.compile(
    r"[\s:=|–—(-]{0,12}(?:n\s?/\s?a|none|not (?:applicable|scored|assessed|graded|evaluated)|cannot|can't|unable"
    r"|unclear|null|nil|-|\?|_)"
)
# "it would be component 1: 4/4", "my first thought was component 2: 3/3"
_SUPPOSED_LABEL = re.compile(
    r"(?<![a-z])(?:(?:would|could|might)(?: (?:then|also))?(?: (?:be|have been|get|earn|receive|read|say|give))?"
    r"|(?:thought|idea|guess|impression) (?:was|were|had been)|if|suppose|instead of|rather than|not)\s{0,3}$"
)
_NOUN = alternation(f"{COMPONENT}|{PART}|{INITIAL}")
# "Component 1 (0-4 points): 3"
_SCALE = re.compile(
    rf"[ \t]{{0,3}}[(\[]\s?(?:range|scale)?:?\s?0\s?(?:-|–|—|to|bis|a|à)\s?\d{{1,3}}\s?(?:{UNIT})?\s?[)\]]"
)
# "Component 1 (describe 3 boats): 3"
_TITLED = re.compile(
    rf"[ \t]{{0,2}}\([^()\n]{{1,300}}\)(?=[ \t]{{0,2}}[:=][ \t]{{0,3}}(?:{NUMBER})"
    r"(?:[ \t]{0,2}/[ \t]{0,2}\d{1,3})?[ \t]{0,2}(?:[,;]|$))",
    re.M,
)
_OTHER_LABEL = re.compile(rf"^[ \t>#-]{{0,8}}(?:(?:{_NOUN})[\s_#-]{{0,3}}\d{{1,2}}(?!\d)|\d{{1,2}}[.)])", re.M)
# "4 + 3 + 2 = 9/10"
_ADDS = re.compile(r"[\s:=]{0,8}[\d.,]{1,6}\s{0,3}(?:/\s?\d{1,3}\s{0,2})?\+")
REASONS = re.compile(
    r"^[ \t#>-]{0,8}(?:(?:the |my |detailed |brief )?(?:reasons?|reasoning|explanations?|rationale|justifications?"
    r"|comments?|notes?|details|feedback|analysis|begründung(?:en)?|gründe|explications?|raisons"
    r"|razones|motivos|justificación|justificativa|motivazion[ei]|причины|обоснование|пояснения?|理由|说明|解释|원문|이유"
    r"|설명)\b[^\n:]{0,60}(?::|$)|理由|이유|说明)",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Statement:
    component: int | None
    said: Said
    start: int
    end: int
    cue: bool
    guess: bool
    bare: bool
    turned: bool = False


def statements_of(text: str, labels: list[Label], totals: list[Label], names: Names, numbered: bool) -> list[Statement]:
    marks = _merged(labels, totals)
    found: list[Statement] = []
    upcoming = [_before(text, label, marks[place - 1].end if place else 0) for place, label in enumerate(marks)]
    place = 0
    while place < len(marks):
        label = marks[place]
        before = upcoming[place]
        if before and label.component is not None:
            found.append(before)
            place += 1
            continue
        end, following = _zone_end(text, marks, upcoming, place)
        if label.component is None:
            statement = total_statement(text, label, end, names)
        else:
            weight = names.weights[label.component - 1] if 1 <= label.component <= len(names.weights) else None
            statement = _statement(text, label, end, weight, numbered)
            if statement is None and following is not None and not _whole_total(text, marks, place, following, names):
                # what looked like a total may be part of what the component asks for
                statement = _statement(text, label, following, weight, numbered)
        if statement:
            found.append(statement)
        place += 1
    return found


def _whole_total(text: str, marks: list[Label], place: int, end: int, names: Names) -> bool:
    """Whether the total that stands next is one out of all weights, which no component can have."""
    statement = total_statement(text, marks[place + 1], end, names)
    return statement is not None and statement.said.amount.of in (sum(names.weights), 10, 100)


def _merged(labels: list[Label], totals: list[Label]) -> list[Label]:
    """All labels in order, without those that begin inside another."""
    merged: list[Label] = []
    for label in sorted([*labels, *totals], key=lambda label: (label.start, label.component is None, -label.end)):
        if not merged or label.start >= merged[-1].end:
            merged.append(label)
    return merged


def _zone_end(text: str, marks: list[Label], upcoming: list[Statement | None], place: int) -> tuple[int, int | None]:
    """Where what is said under a label ends; and where it ends if the totals on the way are none."""
    limit = min(len(text), marks[place].end + _ZONE)
    first: int | None = None
    for after in range(place + 1, min(len(marks), place + 6)):
        before = upcoming[after]
        start = min(limit, before.start if before and marks[after].component is not None else marks[after].start)
        if marks[after].component is not None:
            return (start, None) if first is None else (first, start)
        if first is None:
            first = start
    return (limit, None) if first is None else (first, limit)


def _before(text: str, label: Label, start: int) -> Statement | None:
    """ "4/4 for component 1", or a line that begins with the score."""
    if label.component is None:
        return None
    begin = max(start, label.start - 60)
    stretch = text[begin : label.start]
    if not stretch or stretch[-1] not in " \t:-–—]→":
        return None
    found = next(reversed(list(_BEFORE.finditer(stretch))), None)
    if found is None:
        return None
    amount, end = amount_at(stretch, found.start(), found.end("written"), found["written"])
    between = stretch[end:].strip().lower()
    between = re.sub(rf"^(?:{UNIT})\b", "", between).strip()
    preposition = re.fullmatch(r"(?:for|on|to|für|pour|para|per|за)(?: the)?(?: score of)?", between)
    line = text[max(0, begin - 40) : begin + found.start()].rpartition("\n")[2]
    starts_line = not line.strip(" \t[(*->#|•")
    if not preposition and not (starts_line and re.fullmatch(r"[\s\])\-–—:→]*", between) and amount.of is not None):
        return None
    if (
        preposition
        and amount.of is None
        and not re.search(
            r"(?:give|award|assign|score)\w*[^\n]{0,30}$", text[max(0, begin - 40) : begin + found.start()]
        )
    ):
        return None
    at = begin + found.start()
    return Statement(label.component, Said(amount, (at, begin + end)), at, label.end, True, False, amount.of is None)


def total_statement(text: str, label: Label, end: int, names: Names) -> Statement | None:
    stop = min(end, label.end + 200)
    values = values_in(text, label.end, stop, sum(names.weights), 30)
    line = text.find("\n", label.end, stop)
    gap_end = values[0].start if values else stop
    if not values or not (
        _FILLER.fullmatch(text, label.end, gap_end)
        or (values[0].kind in ("bare", "named") and _ADDS.match(text, label.end))
    ):
        return None
    if line >= 0 and values and values[0].start > line + 3 and text[line : values[0].start].strip():
        return None
    pointed = [value for value in values if value.pointed and value.clean and (line < 0 or value.start < line)]
    value = pointed[-1] if pointed and values[0].kind != "ratio" else values[0]
    later = [one for one in values[1:] if one.turned and one.clean and (line < 0 or one.start < line)]
    if later and values[0].kind == "ratio":
        value = later[-1]
    if not value.clean or (value.guess and value.kind == "ratio" and text[value.end : value.end + 1] == "?"):
        return None
    if value.kind in ("bare", "named"):
        gap = text[label.end : value.start]
        if not re.search(r"[:=|–—→-]|\w", gap):
            return None
        if value.amount.points > sum(names.weights):
            return None
    return Statement(
        None, Said(value.amount, (value.start, value.end)), label.start, value.end, False, False, value.kind != "ratio"
    )


def _statement(text: str, label: Label, end: int, weight: int | None, numbered: bool) -> Statement | None:
    if _SUPPOSED_LABEL.search(text, max(0, label.start - 40), label.start):
        return None
    scale = _SCALE.match(text, label.end, end) or _TITLED.match(text, label.end, end)
    if scale and not _own_ratio(scale.group(), weight):
        label = replace(label, end=scale.end())
    reasons = REASONS.search(text, label.end, end)
    values = values_in(text, label.end, reasons.start() if reasons and reasons.start() > label.end else end, weight)
    if not values:
        return None
    chosen = _choose(text, label, values, end, weight, numbered)
    if chosen is None and reasons and _FIELD.match(text, reasons.start()):
        chosen = _last_field(text, values_in(text, reasons.end(), end, weight))
    if chosen is None:
        return None
    value, others = chosen
    span = (value.start, value.end)
    rivals = tuple(Said(other.amount, (other.start, other.end)) for other in others)
    if value.amount.of is None and value.end == value.start + 1 and text[value.start] in VULGAR:
        rivals += (Said(Amount(value.amount.points, Fraction(1)), span),)  # half a point, or half of the points
    said = Said(value.amount, span, rivals)
    return Statement(
        label.component,
        said,
        label.start,
        value.end,
        value.cue,
        value.guess,
        value.kind in ("bare", "named"),
        value.turned,
    )


def _choose(
    text: str, label: Label, values: list[Value], end: int, weight: int | None, numbered: bool
) -> tuple[Value, list[Value]] | None:
    """The value that the statement means, and what else it could have meant."""
    line = text.find("\n", label.end, end)
    line = end if line < 0 else line
    kept = _without_weights(text, label, values, weight)
    if not kept:
        return None
    first = kept[0]
    gap_start = max((value.end for value in values if value.end <= first.start), default=label.end)
    gap = _TITLE.sub("", text[gap_start : first.start])
    direct = first if first.clean and len(gap) <= 80 and _FILLER.fullmatch(gap) and _says(first, gap) else None
    if direct and numbered and direct.kind in ("bare", "named") and not direct.cue:
        direct = None
    if direct and direct.ranged:
        return None
    if first.ranged and not any(value.cue or value.pointed for value in kept if not value.ranged):
        return None
    if (
        direct is None
        and _NOT_SCORED.match(text, label.end, end)
        and not any(value.cue or value.start < line for value in kept)
    ):
        return None
    clean = [value for value in kept if value.clean and not value.ranged]
    cued = [
        value for value in clean if value.cue and value is not direct and (value.start < line or _own_line(text, value))
    ]
    pointed = [
        value for value in clean if value.pointed and not value.cue and value.start < line and value is not direct
    ]
    ending = _ending(text, clean, line, weight, numbered)
    if direct is not None and direct.kind == "bare" and weight is not None and direct.amount.points == weight and cued:
        # "Component 1: 4 points", and its score below, if that is not what other labels say
        if _OTHER_LABEL.search(text, direct.end, cued[-1].start):
            cued = []
        else:
            direct = None
    turned = [
        value
        for value in clean
        if value.turned
        and value is not direct
        and value.start < line
        and (value.kind != "bare" or direct is None or direct.kind == "bare")
    ]
    order = [turned, cued, pointed] if direct is None or turned else [[direct], cued, pointed]
    best = next((group[-1] for group in order if group), None) or direct or ending
    if best is None:
        return None
    rivals = [
        value for value in (direct, *(cued[-1:]), *(turned[-1:]), ending) if value is not None and value is not best
    ]
    if (pointed and best is not direct) or (
        pointed and best is direct and pointed[-1].kind == "ratio" and pointed[-1].amount.of == weight
    ):
        rivals += [value for value in pointed[-1:] if value is not best]
    best, rivals = _more_exact(best, rivals, weight)
    return best, [value for value in rivals if not _same(value.amount, best.amount, weight)]


_FIELD = re.compile(r"[ \t]{1,12}[a-z]{1,20}:")


def _last_field(text: str, values: list[Value]) -> tuple[Value, list[Value]] | None:
    """ "score: 3", a field of its own below the field of reasons: of YAML."""
    fields = [value for value in values if value.cue and value.clean and _own_line(text, value)]
    return (fields[-1], []) if fields else None


def _own_ratio(title: str, weight: int | None) -> bool:
    """Whether what stands in brackets behind a label may be its score: "(3/4)"."""
    return bool(re.search(rf"\d\s?(?:/|of)\s?{weight}(?!\d)", title)) if weight else True


_TITLE = re.compile(r"\([^()\n]{0,300}\)")


def _says(value: Value, gap: str) -> bool:
    """Whether what stands between label and value says that it is a score; nothing will do before "4/4"."""
    if value.kind == "ratio" or value.kind == "word" or value.kind == "share":
        return bool(_BARE_ENDS.search(gap)) or not re.search(r"[,.]", gap)
    unit = not gap.strip() and _UNIT_BEHIND.match(value.after)
    return bool(_BARE_ENDS.search(gap)) or gap.strip() in ("(", "[") or bool(unit)


def _without_weights(text: str, label: Label, values: list[Value], weight: int | None) -> list[Value]:
    """The values without those that say what the component is worth: "(4 points)" behind the label, "max 4"."""
    kept = [value for value in values if not value.weighty]
    if len(kept) > 1 and kept[0].kind in ("bare", "named") and kept[0].amount.points == weight:
        lead = text[label.end : kept[0].start]
        behind = text[kept[0].end : kept[0].end + 20]
        if lead.strip() in ("(", "[", ": (", "- (") and re.match(rf"\s{{0,2}}-?(?:{UNIT})?\s{{0,2}}[)\]]", behind):
            kept = kept[1:]
    return kept


def _own_line(text: str, value: Value) -> bool:
    """Whether the value's line begins with its cue, so that it is no part of a sentence."""
    line = text[max(0, value.start - 60) : value.start].rpartition("\n")[2]
    return len(line.split()) <= 5 or value.kind == "ratio"


def _ending(text: str, clean: list[Value], line: int, weight: int | None, numbered: bool) -> Value | None:
    """The ratio that ends the statement: its line or a sentence of it; or one alone on a later line."""
    ratios = [value for value in clean if value.kind == "ratio" and not value.guess]
    fitting = [value for value in ratios if value.amount.of == weight] or ([] if numbered else ratios)
    alone = [
        value
        for value in fitting
        if value.start > line
        and not text[text.rfind("\n", 0, value.start) + 1 : value.start].strip(" \t([|->*:=\"'")
        and _LINE_END.match(text, value.end)
    ]
    ends_line = [value for value in fitting if value.end <= line and _LINE_END.match(text, value.end)]
    ends_sentence = [value for value in fitting if value.end <= line and _SENTENCE_END.match(text, value.end)]
    in_line = [value for value in fitting if value.end <= line]
    for group in (ends_line, alone, ends_sentence, in_line):
        if group:
            return group[-1]
    later = [value for value in fitting if value.start > line and _LINE_END.match(text, value.end)]
    return later[-1] if later and not numbered else None


def _same(one: Amount, other: Amount, weight: int | None) -> bool:
    if one == other:
        return True
    if weight is None:
        return False
    mine, theirs = one.share(weight), other.share(weight)
    if mine is None or theirs is None:
        return False
    if mine == theirs:
        return True
    rounded = any(amount.of == 100 for amount in (one, other))
    if rounded and abs(mine - theirs) < 0.0051:
        return True
    plain = other.points if other.of is None else one.points if one.of is None else None
    share = theirs if one.of is None else mine
    return plain is not None and 0 < plain < 1 and abs(plain - share) < 0.0051


def _more_exact(best: Value, rivals: list[Value], weight: int | None) -> tuple[Value, list[Value]]:
    """Of two values that say the same, the one out of the weight: 67 % (2/3)."""
    if best.kind == "ratio" and best.amount.of == weight:
        return best, rivals
    for rival in rivals:
        if rival.kind == "ratio" and rival.amount.of == weight and _same(rival.amount, best.amount, weight):
            return rival, [*(one for one in rivals if one is not rival), best]
    return best, rivals
