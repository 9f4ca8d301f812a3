"""What a model thought before it answered is no part of its answer."""

from __future__ import annotations

import re

from miareview.judge.verdicts.page import blank

_NAMES = (
    "think|thinking|thoughts?|thought_process|reasoning|reasoning_content|reflection|reflect|analysis|scratchpad"
    "|scratch_pad"
    "|inner_monologue|monologue|inner_thoughts?|internal|deliberation|cot|chain_of_thought|antthinking|ant_thinking"
    "|planning|brainstorm|draft|rumination|musing|solution_process|思考|思维"
)
_MARK = re.compile(
    rf"(?:<\||[<\[◁⟨【«{{]{{1,2}}|&lt;)\s{{0,3}}+(?=[/a-z思])"
    rf"(?:(?P<shut>/|end_of_|end_|begin_of_|begin_|start_)\s{{0,3}}+)?(?=[a-z思])(?:[a-z]{{1,12}}:)?"
    rf"(?P<name>{_NAMES})(?P<more>(?:\s|=)[^<>\[\]\n]{{0,200}})?\s{{0,3}}(?:\|>|/?[>\]▷⟩】»}}]{{1,2}}|&gt;)",
    re.I,
)
_FOLDED = re.compile(r"<details\b[^<>]{0,100}>\s{0,20}<summary\b[^<>]{0,100}>(?P<title>[^<>]{0,200})</summary>", re.I)
_UNFOLDED = re.compile(r"</details\s?>", re.I)
_THOUGHT = re.compile(r"think|thought|reason|reflect|analysis|draft|scratch|working|思", re.I)
_FENCE = re.compile(
    r"^[ \t]{0,3}```[ \t]{0,3}(?:think|thinking|thoughts?|reasoning|scratchpad)[ \t]{0,3}$", re.I | re.M
)
# The channels of OpenAI's harmony format; control tokens are often lost on the way.
_CHANNEL = re.compile(
    r"<\|channel\|>\s{0,3}(?P<name>\w{1,20})[^\n]{0,60}?<\|message\|>|<\|(?:end|return|call|start)\|>", re.I
)
_LOST = re.compile(r"assistant(?P<name>final|analysis|commentary)(?![a-z])|assistant(?P<json>final)(?=json\b)")
_GEMMA = re.compile(r"<unused94>|<unused95>")
_ANSWER = re.compile(r"<\s{0,2}(?:answer|final|final_answer|output|response|result|verdict|evaluation)\s{0,2}>", re.I)
_QUOTES = "`\"'“”‘’"


def without_thoughts(raw: str) -> tuple[str, bool]:
    """The reply with its thoughts blanked out, sign for sign, and whether a thought never ended.

    A closing mark without an opening one ends a thought that the chat template opened: everything before it is one.
    An opening mark that never closes leaves nothing behind it. Marks in quotation marks are spoken of, not set.
    """
    channels = _channels(raw)
    said, unclosed = channels or (raw, False)
    if unclosed:
        return said, True
    if "94>" in said or "95>" in said:
        said = _GEMMA.sub(lambda match: "<think>   " if match.group().startswith("<unused94") else "</think>  ", said)
    spans: list[tuple[int, int]] = []
    opened: list[re.Match[str]] = []
    after = 0
    for mark in _MARK.finditer(said):
        if not _is_set(said, mark):
            continue
        if not _shuts(mark):
            opened.append(mark)
        elif opened:
            start = opened.pop().start()
            if not opened:
                spans.append((start, mark.end()))
        else:
            after = mark.end()
    for mark in opened[:1]:
        if mark.group()[0] in "[{【«" and mark["name"].lower() not in ("think", "thinking"):
            continue  # a heading in brackets
        answer = next(reversed(list(_ANSWER.finditer(said, mark.end()))), None)
        unclosed = answer is None
        spans.append((mark.start(), answer.end() if answer else len(said)))
    if after:
        spans.append((0, after))
    spans += _folded(said) + _fenced(said)
    return _blanked(said, spans), unclosed


def _is_set(text: str, mark: re.Match[str]) -> bool:
    before, after = text[max(0, mark.start() - 1) : mark.start()], text[mark.end() : mark.end() + 1]
    return not (before and after and before in _QUOTES and after in _QUOTES)


def _shuts(mark: re.Match[str]) -> bool:
    return bool(mark["shut"]) and (mark["shut"] == "/" or mark["shut"].lower().startswith("end"))


def _channels(raw: str) -> tuple[str, bool] | None:
    """The final channel of a reply in harmony's format, None where the reply is not in it."""
    marks = list(_CHANNEL.finditer(raw)) if "<|" in raw else []
    if any(mark["name"] for mark in marks):
        spans, keep, start = [], False, 0
        for mark in marks:
            if not keep:
                spans.append((start, mark.end()))
            else:
                spans.append((mark.start(), mark.end()))
            keep = (mark["name"] or "").lower() == "final"
            start = mark.end()
        if not keep:
            spans.append((start, len(raw)))
        cut = _blanked(raw, spans)
        return cut, not cut.strip()
    lost = list(_LOST.finditer(raw)) if "assistant" in raw else []
    thinks = re.match(r"\s*(?:assistant)?(?:analysis|commentary)(?=[A-Z\d\"'{*(]|\s?We\b)", raw)
    finals = [mark for mark in lost if mark["name"] == "final" or mark["json"]]
    if finals and (thinks or lost):
        last = finals[-1]
        end = last.end() + (4 if last["json"] else 0)
        return _blanked(raw, [(0, end)]), False
    if thinks:
        return " " * len(raw), True
    return None


def _folded(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for fold in _FOLDED.finditer(text) if "<summary" in text.lower() else ():
        if _THOUGHT.search(fold["title"]) and not (spans and spans[-1][1] > fold.start()):
            shut = _UNFOLDED.search(text, fold.end())
            spans.append((fold.start(), shut.end() if shut else len(text)))
    return spans


def _fenced(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for fence in _FENCE.finditer(text) if "```" in text else ():
        if spans and spans[-1][1] > fence.start():
            continue
        shut = text.find("```", fence.end())
        spans.append((fence.start(), shut + 3 if shut >= 0 else len(text)))
    return spans


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with the spans blank; line ends stay."""
    if not spans:
        return text
    parts, position = [], 0
    for start, end in sorted(spans):
        start = max(start, position)
        if end <= start:
            continue
        parts += [text[position:start], blank(text[start:end])]
        position = end
    return "".join([*parts, text[position:]])
