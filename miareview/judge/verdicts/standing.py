"""Whether a verdict is called a draft, an example, somebody else's or final by the words around it."""

from __future__ import annotations

import re

from miareview.judge.verdicts.record import Standing
from miareview.judge.verdicts.words import DRAFT, FINAL, OTHERS, THOUGHTS, word_pattern

_DRAFT, _FINAL, _OTHERS = word_pattern(DRAFT), word_pattern(FINAL), word_pattern(OTHERS)
_IF = re.compile(r"(?<![a-z])if(?![a-z])")
_THOUGHTS = word_pattern(THOUGHTS)
_SPEAKER = (
    r"(?:response|answer|text|author|writer|model|candidate|student|assistant|poem|caption|essay|user|prompt"
    r"|instructions?|task|someone|somebody|reply|it|he"
    r"|she|they|antwort|text|réponse|respuesta|resposta|risposta|ответ|回答|回复|应答|答案|응답|답변)"
)
_SAYS = (
    r"(?:says?|said|claims?|claimed|states?|stated|writes?|wrote|asserts?|prints?|ends? with|closes? with"
    r"|begins? with|starts? with|opens? with|contains?|holds?|includes?|reads?|quotes?"
    r"|ends?|closes?|goes|had|has|puts? it"
    r"|inserts?|adds?|announces?|declares?|suggests?|proposes?|demands?|asks?(?: for)?|asked|told|wanted|wants"
    r"|instructed|begged|instructs?|tells?|requests?"
    r"|repeats?|pretends?|grades? itself|scores? itself|rates? itself|marks? itself|gives? itself"
    r"|awards? itself|behauptet|schreibt|sagt|endet mit|enthält|affirme|dit|écrit|afirma|dice|escribe|diz|scrive"
    r"|утверждает|пишет|声称|写道|说|声稱|写着|주장)"
)
_SAID_BY = re.compile(
    rf"{_SPEAKER}\W{{0,3}}(?:\w+\W{{1,3}}){{0,3}}?{_SAYS}(?:[^\w.\n]{{1,3}}[\w']+){{0,7}}[^\w.]{{0,6}}$"
    rf"|(?:{_SPEAKER})\s?(?:声称|写道|说|声稱)\W{{0,4}}$"
    r"|(?<![a-z])(?:user|system|human)\s?:\W{0,4}$"
    r"|(?<![a-z])(?:not|never|refuse[sd]? to|declined? to|wrong to|n['’]t)"
    r" (?:give|award|assign|output|say|write|put)\W{0,4}$"
    r"|(?<![a-z])you (?:asked|told|want|instructed) me to \w{1,12}\W{0,4}$"
    r"|(?<![a-z])i (?:was|am) (?:told|asked|instructed|ordered|begged) to \w{1,12}\W{0,4}$"
    r"|(?:line|words?|sentence|end|part) of (?:the|this|that|its) \w{1,12} (?:is|are|was|were|reads?)\W{0,4}$"
    r"|(?:response|answer|text|output|reply)(?: (?:to be|being|under))? (?:judged|graded|evaluated|assessed|reviewed"
    r"|scored|review|evaluation)\W{0,6}$"
    r"|(?:model|candidate|assistant|student)(?:['’]s)? (?:output|response|answer|reply)\W{0,6}$"
)
_LOSSES = re.compile(
    r"(?<![a-z])(?:deduct(?:ions?|ed)|lost|losses|missed|missing|taken off|subtracted|penalt(?:y|ies)|abzüge?"
    r"|deducciones|déductions?|descontos|detrazioni|вычтено|扣分|減点|감점)"
    r"(?: (?:points?|marks?))?(?: (?:per|for each|in each|by|from) \w+)?[^\w\n]{0,6}$"
)
_AFTER_DRAFT = re.compile(
    r"[^\n.{}\d]{0,30}?(?:would (?:be|have been)|was my (?:first|initial)|is my first|my first (?:idea|thought)"
    r"|at first|unless|but wait|hmm|is what it|which is not for it|and asks|if you)"
)


# "The reference answer:" and no more: these are not the scores of the answer that was judged.
_OF_ANOTHER = re.compile(r"\W*(?:the |an? )?(?:reference|ideal|perfect|gold(?:en)?) (?:answer|response)\W*")


def standing_of(text: str, start: int, end: int) -> Standing:
    """What the words before and behind text[start:end] (lower case, plain) say that it is."""
    lead = text[max(0, start - 220) : start]
    near = _last_stretch(lead)
    if _SAID_BY.search(near[-160:]) or _OF_ANOTHER.fullmatch(near):
        return "draft"
    after = text[end : end + 80]
    if _AFTER_DRAFT.match(after):
        return "draft"
    last_final = max((match.end() for match in _FINAL.finditer(near)), default=0)
    last_draft = max((match.end() for pattern in (_DRAFT, _OTHERS) for match in pattern.finditer(near)), default=0)
    if _THOUGHTS.search(near) and len(near.split()) <= 4:
        last_draft = max(last_draft, 1)
    if near.rstrip().endswith(":") and _IF.search(near):
        return "draft"
    if last_final > last_draft:
        return "final"
    if last_draft:
        return "draft"
    return "plain"


def names_losses(text: str, start: int) -> bool:
    """Whether the words before text[start:] announce what was taken off, and not what was given."""
    return bool(_LOSSES.search(_last_stretch(text[max(0, start - 220) : start])))


def _last_stretch(lead: str) -> str:
    """The words that lead up to a verdict: the sentence before it in its line, or the line above if it announces it."""
    line = lead.rpartition("\n")[2]
    if re.search(r"\w{2}", line):
        if len(line.split()) > 3 or line.rstrip().endswith(":"):
            return _last_sentence(line)
        above = lead[: len(lead) - len(line)].rstrip(" \t\n#>*-|`").rpartition("\n")[2]
        return f"{_last_sentence(above)} {line}" if above.endswith((":", ",")) else _last_sentence(line)
    above = lead.rstrip(" \t\n#>*-|`").rpartition("\n")[2]
    if above.endswith((":", ",")):
        return _last_sentence(above)
    return (
        "" if above.endswith((".", "!", "?")) and len(above.split()) > 5 else above if len(above.split()) <= 12 else ""
    )


def _last_sentence(line: str) -> str:
    sentences = [sentence for sentence in re.split(r"(?<=[.!?])\s", line) if len(sentence.split()) > 1]
    return sentences[-1] if sentences else line
