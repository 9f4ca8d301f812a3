"""How judges' replies are read: the table by kind over a file of cases, a fuzz of composed replies, speed.

python benchmarks/bench_replies.py cases CASES.json [--show]
python benchmarks/bench_replies.py fuzz --count 100000 --seed 1 [--show]
python benchmarks/bench_replies.py speed [--megabytes 1]
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from miareview.judge.reply import Reading, parse_reply

QUIET = {"missing_total", "truncated"}
"""Warnings that tell nothing of the points that were read."""


def outcome(reading: Reading, points: Sequence[float | Fraction | None]) -> str:
    """ "right", "short", "warned" (wrong, with a warning that tells) or "silent" (wrong, and nothing tells)."""
    truth = [None if value is None else Fraction(str(value)) for value in points]
    wrong = any(read is not None and read != true for read, true in zip(reading.points, truth, strict=True))
    if wrong:
        return "warned" if reading.status != "ok" and set(reading.warnings) - QUIET else "silent"
    return "right" if reading.points == truth else "short"


# --- replies composed of known verdicts, thoughts, quotations, rubrics, tables and corrections


@dataclass(frozen=True)
class Composed:
    """A reply, and the points that it gives. `clear`: a person has no doubt about them."""

    raw: str
    weights: tuple[int, ...]
    points: tuple[Fraction | None, ...]
    parts: tuple[str, ...]
    clear: bool = True


Points = tuple[Fraction, ...]
WEIGHTS = [(4, 3, 3), (5, 5), (6, 4), (4, 2, 2, 2), (10,), (4, 4), (2, 2, 2, 2, 2), (4, 2, 2), (3, 3, 4), (1, 2, 3, 4)]
LABELS = [
    "Component {n}", "Score of component {n}", "**Component {n}**", "- Component {n}", "Criterion {n}",
    "Requirement {n}", "component_{n}",
    "Component #{n}", "Component {n} (worth {w})", "Component {n} ({w} points)", "Komponente {n}", "组件{n}",
    "Компонент {n}", "Componente {n}",
    "要素{n}", "구성 요소 {n}", "Critère {n}", "Part {n}", "Component {n}: describe the pier",
    "Component {n} – two sentences", "{n}. the boats",
]  # fmt: skip
JOINTS = [": ", " - ", " – ", " = ", " → ", ":  ", " : "]
AMOUNTS = [
    "{p}/{w}",
    "{p} / {w}",
    "{p} out of {w}",
    "{p} of {w}",
    "**{p}/{w}**",
    "({p}/{w})",
    "{p} points out of {w}",
    "$\\frac{{{p}}}{{{w}}}$",
    "{p} (max {w})",
    "{p}/{w} points",
]
COUNTS = [
    "names {a} of {b} boats",
    "{a}/{b} lines rhyme",
    "there are {a} words",
    "only {a} out of {b} colours are named",
    "page {a}/{b} is cited",
    'it says "{a}/{b}"',
]
TOTALS = ["Total", "Total score", "**Total**", "Overall", "Sum", "总分", "Gesamt", "Totale", "Итого", "合計", "총점"]
THOUGHTS = [
    ("<think>", "</think>"), ("", "</think>"), ("<thinking>\n", "\n</thinking>"), ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"), ("<reasoning>", "</reasoning>"),
    ("<THINK>", "</THINK>"), ("", "</thinking>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<details><summary>Thinking</summary>", "</details>"), ("<reflection>", "</reflection>"),
    ("analysisLet me see. ", "assistantfinal"), ("<think>a</think>\n<think>", "</think>"),
]  # fmt: skip
QUOTERS = [
    'The response ends with "{}".', "The text claims “{}”, which is not for it to say.",
    "It says: '{}'.", "The answer contains «{}».", "The author writes „{}“ at the end.",
    "The response states: {}.", "The caption reads `{}`, which I ignore.",
]  # fmt: skip
CORRECTIONS = [
    "\n\nOn a second look, the final marks are:\n\n",
    "\n\nWait, I missed something. Corrected:\n",
    "\n\nFinal scores:\n",
    "\n\nAfter checking again:\n\n",
    "\n\nRevised:\n",
]
DRAFTS = ["Draft:\n", "First pass:\n", "Initial scores:\n", "First impression:\n", "Preliminary marks:\n", ""]
PROSE = [
    "The response describes the scene well.", "It has 48 words in 3 sentences.", "The sign says 24/7.",
    "Two of the three boats are named.", "The sum of 8/2 and 6/3 is 6.",
    "Rated 5/5 by the locals, says the sign.", "On page 3 of 12 it drifts.", "The tone is friendly.",
    "In 2023 there were 4 of them.", "One line is 2.5 cm long.",
]  # fmt: skip


def compose(seed: int) -> Composed:
    """The reply of this seed."""
    draw = random.Random(seed)
    weights = draw.choice(WEIGHTS)
    truth = _points(draw, weights)
    parts: list[str] = []
    form = draw.choice(VERDICTS)
    said = form(draw, weights, truth)
    parts.append(form.__name__)
    text = said
    for _ in range(draw.choice([0, 1, 1, 2, 3, 4, 5])):
        part = draw.choice(AROUND)
        text = part(draw, weights, truth, text)
        parts.append(part.__name__)
    if draw.random() < 0.1:
        text = draw.choice(["\ufeff", "  \n", "Sure.\n\n", "\n"]) + text
    if draw.random() < 0.1:
        text = text.replace("\n", "\r\n")
    return Composed(text, weights, truth, tuple(parts))


def _points(draw: random.Random, weights: tuple[int, ...]) -> Points:
    kind = draw.random()
    if kind < 0.1:
        return tuple(Fraction(weight) for weight in weights)
    if kind < 0.15:
        return tuple(Fraction(0) for _ in weights)
    step = 2 if draw.random() < 0.3 else 1
    return tuple(Fraction(draw.randint(0, weight * step), step) for weight in weights)


def _other(draw: random.Random, weights: tuple[int, ...], truth: Points) -> Points:
    while True:
        other = _points(draw, weights)
        if other != truth:
            return other


def _text(value: Fraction, draw: random.Random) -> str:
    text = f"{float(value):g}"
    return text.replace(".", ",") if "." in text and draw.random() < 0.2 else text


def lines(draw: random.Random, weights: tuple[int, ...], points: Points, total: bool = True) -> str:
    """Labelled lines, or a sentence of them, with counts and notes around."""
    label, joint, amount = draw.choice(LABELS), draw.choice(JOINTS), draw.choice(AMOUNTS)
    style = draw.choice(["plain", "plain", "after", "before", "score", "heading"])
    out = []
    for number, (weight, value) in enumerate(zip(weights, points, strict=True), start=1):
        written = amount.format(p=_text(value, draw), w=weight)
        named = label.format(n=number, w=weight)
        count = draw.choice(COUNTS).format(a=draw.randint(0, 5), b=draw.randint(5, 9))
        if style == "plain":
            out.append(f"{named}{joint}{written}")
        elif style == "after":
            out.append(f"{named}{joint}{written} ({count})")
        elif style == "before":
            out.append(f"{named}: {count}{draw.choice([', hence ', ' -> ', '. Score: ', ', so ', ' → '])}{written}")
        elif style == "score":
            out.append(f"{named}: fine. Score: {written}")
        else:
            out.append(f"### {named}\nIt {count}.\nScore: {written}\n")
    one_line = style == "plain" and not label.startswith(("-", "{n}")) and draw.random() < 0.4
    if total:
        out.append(f"{draw.choice(TOTALS)}: {_text(sum(points, Fraction(0)), draw)}/{sum(weights)}")
    return draw.choice([", ", "; "]).join(out) + "." if one_line else "\n".join(out)


def sentence(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    """The score before its label."""
    said = [
        f"{_text(value, draw)}/{weight} for component {n}"
        for n, (weight, value) in enumerate(zip(weights, points, strict=True), start=1)
    ]
    return "I give " + ", ".join(said) + f", that is {_text(sum(points, Fraction(0)), draw)}/{sum(weights)} in total."


def table(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    """A table with or without a column of weights, in any order."""
    scores = draw.choice(
        ["Score", "Awarded", "Points awarded", "Achieved", "Marks", "Result", "Earned points", "Your score", "得分"]
    )
    worth = draw.choice(
        ["Weight", "Max", "Maximum", "Max points", "Possible", "Points", "Worth", "Out of", "Available", "满分"]
    )
    columns = [("score", scores)]
    ratio = draw.random() < 0.3
    if draw.random() < 0.6:
        columns.insert(draw.randint(0, 1), ("weight", worth))
    else:
        ratio = ratio or draw.random() < 0.5
    if draw.random() < 0.4:
        columns.insert(draw.randint(0, len(columns)), ("note", draw.choice(["Note", "Comment", "Reason", "What"])))
    name = draw.choice(["Component {}", "{}", "**{}**", "{}. the boats", "Component {} (the boats)"])
    rows = [
        [draw.choice(["Component", "#", "No.", "Criterion"]), *(title for _, title in columns)],
        ["---"] * (len(columns) + 1),
    ]
    numbered = [*enumerate(zip(weights, points, strict=True), start=1)]
    for number, (weight, value) in numbered:
        cells = [name.format(number)]
        for kind, _ in columns:
            written = _text(value, draw)
            note = draw.choice(COUNTS).format(a=draw.randint(0, 4), b=draw.randint(4, 6))
            cells.append(
                {"score": f"{written}/{weight}" if ratio else written, "weight": str(weight), "note": note}[kind]
            )
        rows.append(cells)
    if draw.random() < 0.7:
        total, of = _text(sum(points, Fraction(0)), draw), sum(weights)
        rows.append(
            [
                "Total",
                *(
                    {"score": f"{total}/{of}" if ratio else total, "weight": str(of), "note": ""}[kind]
                    for kind, _ in columns
                ),
            ]
        )
    if draw.random() < 0.2:
        return "\n".join("\t".join(row) for row in rows if row[0] != "---")
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def structured(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    """JSON of many shapes, sometimes broken."""
    numbers = [int(value) if value.denominator == 1 else float(value) for value in points]
    shape = draw.randint(0, 9)
    count = range(1, len(weights) + 1)
    key = draw.choice(["component_{}", "Component {}", "{}", "c{}", "score_of_component_{}", "component{}"])
    made: Any
    reason = draw.choice(["fine", "names 2 of 3", 'it says "Component 1: 0/4"', "1/3 {of} it"])
    if shape <= 1:
        made = {key.format(n): numbers[n - 1] for n in count}
    elif shape == 2:
        made = {key.format(n): {"reason": reason, "score": numbers[n - 1]} for n in count}
    elif shape == 3:
        made = [{"component": n, "reason": reason, "score": numbers[n - 1]} for n in count]
    elif shape == 4:
        made = {"results": [{"id": n, "max": weights[n - 1], "awarded": numbers[n - 1]} for n in count]}
    elif shape == 5:
        made = {
            "weights": {key.format(n): weights[n - 1] for n in count},
            "scores": {key.format(n): numbers[n - 1] for n in count},
        }
    elif shape == 6:
        made = {
            "index": draw.randint(0, 3),
            "score": round(float(sum(points)) / sum(weights), 2),
            "components": {key.format(n): numbers[n - 1] for n in count},
        }
    elif shape == 7:
        made = {key.format(n): f"{_text(points[n - 1], draw)}/{weights[n - 1]}" for n in count}
    elif shape == 8:
        made = {"components": [{"number": n, "points": weights[n - 1], "awarded": numbers[n - 1]} for n in count]}
    else:
        made = {
            key.format(n): {"max_score": weights[n - 1], "score": numbers[n - 1], "confidence": draw.randint(0, 5)}
            for n in count
        }
    if isinstance(made, dict) and draw.random() < 0.4:
        made["total"] = float(sum(points))
    text = json.dumps(made, indent=draw.choice([None, 2]), ensure_ascii=False)
    if shape == 3 and draw.random() < 0.5:
        text = "\n".join(json.dumps(part) for part in made)
    if draw.random() < 0.15 and "'" not in text and '\\"' not in text:
        text = text.replace('"', "'")
    if draw.random() < 0.15:
        text = text.replace("}", ",}")
    return f"```json\n{text}\n```" if draw.random() < 0.4 else text


def listed(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    """A line of numbers in the order of the components."""
    word = draw.choice(["Scores", "**Scores**", "My scores", "Marks", "Component scores", "Points awarded"])
    ratio = draw.random() < 0.3
    said = [
        f"{float(value):g}" + (f"/{weight}" if ratio else "") for weight, value in zip(weights, points, strict=True)
    ]
    total = f"\nTotal: {_text(sum(points, Fraction(0)), draw)}/{sum(weights)}" if draw.random() < 0.5 else ""
    return f"{word}: {', '.join(said)}{total}"


def yaml(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    """Fields below each other, the maximum, the deduction or a reason beside the score."""
    out = []
    for number, (weight, value) in enumerate(zip(weights, points, strict=True), start=1):
        fields = [f"score: {float(value):g}"]
        if draw.random() < 0.6:
            fields.insert(draw.randint(0, 1), f"max: {weight}")
        if draw.random() < 0.3:
            fields.insert(0, f"deduction: {float(weight - value):g}")
        if draw.random() < 0.4:
            fields.append(f"reason: {draw.choice(COUNTS).format(a=draw.randint(0, 5), b=draw.randint(5, 9))}")
        out.append(f"component_{number}:\n" + "\n".join(f"  {one}" for one in fields))
    return "\n".join(out) + f"\ntotal: {float(sum(points)):g}"


def xml(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    """Elements with attributes or elements in them, the maximum beside."""
    form = draw.choice(
        [
            '<component id="{n}" max="{w}">{p}</component>',
            '<component number="{n}"><max>{w}</max><score>{p}</score></component>',
            "<component_{n}><reason>{c}</reason><score>{p}</score></component_{n}>",
            "<component_{n}_score>{p}</component_{n}_score>",
        ]
    )
    said = [
        form.format(n=n, w=weight, p=f"{float(value):g}", c=draw.choice(COUNTS).format(a=1, b=5).replace('"', ""))
        for n, (weight, value) in enumerate(zip(weights, points, strict=True), start=1)
    ]
    around = draw.choice(["evaluation", "scores", "answer", "result"])
    return f"<{around}>\n" + "\n".join(said) + f"\n<total>{float(sum(points)):g}</total>\n</{around}>"


def worked(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    """What was taken off, struck out or changed stands in the line of the score."""
    form = draw.choice(
        [
            "Component {n}: {w} - {d} = {p}/{w}", "Component {n}: -{d} for the boats → {p}/{w}",
            "Component {n}: {p}/{w} (-{d})", "Component {n}: ~~{o}/{w}~~ {p}/{w}", "Component {n}: {o}/{w} → {p}/{w}",
            "Component {n}: $\\frac{{{p}}}{{{w}}}$", "组件{n}：{w}分中得{p}分", "要素{n}：{w}点中{p}点",
            "组件{n}（{w}分）：提到了{c}条船。得{p}分。", "Component {n} ({w}): it is not {o}/{w}, but {p}/{w}",
            "Component {n} [max {w}]: {p}", "Komponente {n}: {p} von {w} Punkten, {c} Boote fehlen",
        ]
    )  # fmt: skip
    said = []
    for n, (weight, value) in enumerate(zip(weights, points, strict=True), start=1):
        other = next(k for k in draw.sample(range(weight + 1), weight + 1) if k != value)
        written, lost = f"{float(value):g}", f"{float(weight - value):g}"
        said.append(form.format(n=n, w=weight, p=written, d=lost, o=other, c=draw.randint(1, 3)))
    return "\n".join(said) + f"\n{draw.choice(TOTALS)}: {float(sum(points)):g}/{sum(weights)}"


def scaled(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    """Out of another number than the weight: a share of it, and a warning."""
    times = draw.choice([2, 3, 10])
    said = [
        f"Component {n}: {float(value * times):g}/{weight * times}"
        for n, (weight, value) in enumerate(zip(weights, points, strict=True), start=1)
    ]
    return "\n".join(said) + f"\nTotal: {float(sum(points) * times):g}/{sum(weights) * times}"


VERDICTS: list[Callable[..., str]] = [
    lines, lines, lines, sentence, table, table, structured, structured, listed, yaml, xml, worked, scaled,
]  # fmt: skip


def _verdict(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    return draw.choice(VERDICTS)(draw, weights, points)


def _inline(draw: random.Random, weights: tuple[int, ...], points: Points) -> str:
    said = [
        f"Component {n}: {_text(value, draw)}/{weight}"
        for n, (weight, value) in enumerate(zip(weights, points, strict=True), start=1)
    ]
    return ", ".join(said) + f", Total: {_text(sum(points, Fraction(0)), draw)}/{sum(weights)}"


def after_thoughts(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    opening, closing = draw.choice(THOUGHTS)
    return f"{opening}{draw.choice(PROSE)}\n{_verdict(draw, weights, _other(draw, weights, truth))}\n{closing}\n{text}"


def after_draft(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    return draw.choice(DRAFTS) + lines(draw, weights, _other(draw, weights, truth)) + draw.choice(CORRECTIONS) + text


def after_quotation(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    return draw.choice(QUOTERS).format(_inline(draw, weights, _other(draw, weights, truth))) + "\n\n" + text


def before_quotation(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    return text + "\n\nReasons:\n" + draw.choice(QUOTERS).format(_inline(draw, weights, _other(draw, weights, truth)))


def before_blockquote(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    quoted = _inline(draw, weights, _other(draw, weights, truth)).replace(", ", "\n> ")
    return f"The response has these lines:\n\n> {quoted}\n\nThey count for nothing.\n\n{text}"


def after_rubric(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    head = draw.choice(["Rubric:\n", "Maximum points:\n", "Weights:\n", "The components are worth:\n", ""])
    said = [f"Component {n}: {weight} points" for n, weight in enumerate(weights, start=1)]
    total = [f"Total: {sum(weights)} points"] if draw.random() < 0.5 else []
    return head + "\n".join(said + total) + "\n\n" + text


def before_reasons(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    named = ["Component {}", "{}.", "- Component {}", "For component {}"]
    notes = [
        f"{draw.choice(named).format(n)}{draw.choice([': ', ' - ', ', '])}"
        f"{draw.choice(COUNTS).format(a=draw.randint(0, 5), b=draw.randint(5, 9))}."
        for n in range(1, len(weights) + 1)
    ]
    would = f" With one more boat it would be component 1: {weights[0]}/{weights[0]}." if draw.random() < 0.3 else ""
    return (
        text + "\n\n" + draw.choice(["Reasons:\n", "Explanation:\n", "**Reasoning**\n", ""]) + "\n".join(notes) + would
    )


def before_prose(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    return text + "\n\n" + " ".join(draw.choice(PROSE) for _ in range(draw.randint(1, 4)))


def after_prose(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    return " ".join(draw.choice(PROSE) for _ in range(draw.randint(1, 4))) + "\n\n" + text


def before_json_quotation(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    other = {f"component_{n}": float(value) for n, value in enumerate(_other(draw, weights, truth), start=1)}
    return text + "\n\nNote: the response prints " + json.dumps(other) + " as if it were a judge."


BLOCKS = [
    ("<response>", "</response>"), ("<model_response>", "</model_response>"), ("[BEGIN RESPONSE]", "[END RESPONSE]"),
    ("[RESPONSE]", "[/RESPONSE]"), ("~~~", "~~~"), ("--- BEGIN RESPONSE ---", "--- END RESPONSE ---"),
    ("<instruction>", "</instruction>"), ("<<<RESPONSE", "RESPONSE>>>"), ("<blockquote>", "</blockquote>"),
    ("<candidate_answer>", "</candidate_answer>"), ("BEGIN RESPONSE", "END RESPONSE"), ("<example>", "</example>"),
]  # fmt: skip


def _block(draw: random.Random, weights: tuple[int, ...], truth: Points) -> str:
    opening, closing = draw.choice(BLOCKS)
    return f"{opening}\nThe pier is long.\n{_inline(draw, weights, _other(draw, weights, truth))}\n{closing}"


def after_block(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    return _block(draw, weights, truth) + "\n\n" + draw.choice(["", "My scores:\n", "Evaluation:\n"]) + text


def before_block(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    return text + "\n\n" + draw.choice(["", "For the record:\n\n"]) + _block(draw, weights, truth)


def after_drafts(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    first, second = (lines(draw, weights, _other(draw, weights, truth)) for _ in "12")
    return f"First pass:\n{first}\n\nSecond draft:\n{second}{draw.choice(CORRECTIONS)}{text}"


def after_others(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    said = _inline(draw, weights, _other(draw, weights, truth))
    lead = draw.choice(["The response scores itself: ", "The author claims: ", "Self-assessment of the response:\n"])
    return f"{lead}{said}\n\nI do not follow it. My scores:\n\n{text}"


def before_weights(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    said = ", ".join(f"Component {n}: {weight}" for n, weight in enumerate(weights, start=1))
    return text + "\n\n" + draw.choice(["Weights: ", "Maximum points: ", "(Weights) "]) + said


def twice(draw: random.Random, weights: tuple[int, ...], truth: Points, text: str) -> str:
    return text + "\n\n" + text


AROUND: list[Callable[..., str]] = [
    after_thoughts, after_thoughts, after_draft, after_quotation, before_quotation, before_blockquote, after_rubric,
    before_reasons, before_prose, after_prose, before_json_quotation, twice, after_block, before_block, after_drafts,
    after_others, before_weights,
]  # fmt: skip

SHAPES = [
    "component 1 (", "component 1: 4/", "{", '{"component_1":', '{"a":{"component_1":[', " ", "1", "1 ", "½", "4/4 ",
    "|",
    "(", "component ", "total score ", "total score: 1 ", "Reasons:\n", "- ", "*", "0/0 of ", "\n1. ",
    "| component 1 | 1 | 1 ",
    "|score|\n", "total score: 1 + ", ".", "1.", "\\", '"', "component 1 [", "first component 1/2 ", "1 1/1 ",
    "<think>", "</think>",
    "<think></think>", "| 1 | 4 | 3 |\n", "| a | b |\n|---|---|\n", "1/1/1/", "'", '"a" ', "'a' ", "“", "{'a': '",
    "[[", "[{",
    '{"component_1": 4}\n', "Component 1: 4/4\nComponent 2: 3/3\nComponent 3: 2/3\nTotal: 9/10\n", "组件1：4/4\n", "三",
    '<component id="1"><score>3</score></component>', "<a>", "</a>", "~~", "\\frac{1}{2} ", "\\boxed{", "$",
    "> component 1: 4/4\n",
    "score: ", "word ", "the response says ", "a,b\n", "a\tb\n", "3-4/4 ", "would be ", "\n\n", "max 4 ",
    "<|channel|>", "/*", "#\n",
    "Component A: ", "final ", "<details><summary>think</summary>", "`", "①", "12,5 ", "3 out of ", "= ", "four ",
    "full marks ", "\r",
    "<details>", "</details>", "<details><summary>a</summary>b</details>", "```think\n", "```\n", "~~~\n", '"""\n',
    "<|", "&lt;", "<answer>", "<think ", "<response>", "</response>", "[BEGIN RESPONSE]\n", "[END RESPONSE]\n",
    "### Response\n", "### Component 1\n3/4\n", "<a:", "<unused94>", "analysis", "assistantfinal", "edit 3/4 ",
    "wait, component 1: 2/4. ", "all scores are 0. ", "3, 2, 3, ", "Scores: 3, 2, 3\n", "component_1:\n  score: 3\n",
    "{'a':", '{"a":"', "[1,", '{"id":1,"points":4,"awarded":3},', "// ", "4 - 1 = 3/4 ", "🎉", "é", "۴", "𝟑/𝟒 ",
    "4分中得3分", "（", "～", "->", "> > ", "<tr><td>1</td><td>3</td></tr>", "a" * 300 + " 3/4\n", "x,y,3/4\t|",
    "Component 1: “3/4” ",
    "not ", "component 1 and ", "1/2/3 ", "- [ ] ", "**", "<!--", "&nbsp;", "\\text{a} ", "\ud800",
]  # fmt: skip

MIXED = [
    ("nested objects", '{"a":', "}"), ("nested lists", "[", "]"), ("nested scores", '{"component_1":{"score":', "}"),
    ("nested elements", "<component><score>", "</score></component>"), ("nested brackets", "(", ")"),
    ("nested thoughts", "<think>", "</think>"), ("nested quotations", "“", "”"),
    ("nested folds", "<details>", "</details>"),
    ("nested responses", "<response>", "</response>"),
]  # fmt: skip


def cases(options: argparse.Namespace) -> None:
    table: dict[str, Counter[str]] = {}
    for case in json.loads(options.file.read_text("utf-8")):
        reading = parse_reply(case["raw"], case["weights"])
        came = outcome(reading, case["points"])
        for kind in (case["must"], case["kind"]):
            table.setdefault(kind, Counter())[came] += 1
        if options.show and (came != "right" or (case["must"] == "not-ok" and reading.status == "ok")):
            print(case["id"], case["must"], came, reading.status, reading.warnings)
    print(f"{'kind':24}{'right':>7}{'short':>7}{'warned':>8}{'silent':>8}")
    for kind, counts in table.items():
        print(f"{kind:24}{counts['right']:7}{counts['short']:7}{counts['warned']:8}{counts['silent']:8}")


def fuzz(options: argparse.Namespace) -> None:
    counts: Counter[str] = Counter()
    by_part: dict[str, Counter[str]] = {}
    statuses: Counter[str] = Counter()
    for seed in range(options.seed * 10**7, options.seed * 10**7 + options.count):
        made = compose(seed)
        reading = parse_reply(made.raw, made.weights)
        came = outcome(reading, made.points)
        counts[came] += 1
        statuses[reading.status] += 1
        for part in set(made.parts):
            by_part.setdefault(part, Counter())[came] += 1
        if came == "silent" or (options.show and came == options.show):
            print("=" * 20, seed, came, made.parts, reading.status, reading.warnings)
            print(
                [str(value) for value in made.points],
                [None if v is None else str(v) for v in reading.points],
                made.weights,
            )
            print(made.raw)
    print(dict(counts), dict(statuses))
    for part, some in sorted(by_part.items()):
        print(f"{part:24}{some['right']:7}{some['short']:7}{some['warned']:8}{some['silent']:8}")


def hostile(size: int) -> dict[str, str]:
    """Replies of so many signs: one thing again and again, behind a score, nested, in turns, mixed."""
    made = {repr(shape): shape * (size // len(shape) + 1) for shape in SHAPES}
    made |= {f"4/4, then {name}": "Component 1: 4/4 " + text for name, text in made.items()}
    for name, opening, closing in MIXED:
        depth = size // (len(opening) + len(closing)) + 1
        made[name] = opening * depth + "3" + closing * depth
    draw = random.Random(1)
    for count in (2, 5, 40, len(SHAPES)):
        for _ in range(5):
            some = draw.sample(SHAPES, count)
            made[f"mixed: {some[:3]} …"] = "".join(draw.choice(some) for _ in range(size // 2))
    verdicts = "\n\n".join(compose(seed).raw for seed in range(3000))
    made["composed replies"] = verdicts * (size // len(verdicts) + 1)
    return {name: text[:size] for name, text in made.items()}


def speed(options: argparse.Namespace) -> None:
    taken = []
    for name, text in hostile(int(options.megabytes * 1_000_000)).items():
        start = time.process_time()
        parse_reply(text, (4, 3, 3))
        taken.append((time.process_time() - start, name))
    taken.sort(reverse=True)
    for seconds, name in taken[:15]:
        print(f"{seconds:6.2f} s  {name}")
    average = sum(seconds for seconds, _ in taken) / len(taken)
    print(f"{len(taken)} replies of {options.megabytes} MB, on average {average:.2f} s of one processor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    of_cases = commands.add_parser("cases")
    of_cases.add_argument("file", type=Path)
    of_cases.add_argument("--show", action="store_true")
    of_fuzz = commands.add_parser("fuzz")
    of_fuzz.add_argument("--count", type=int, default=100_000)
    of_fuzz.add_argument("--seed", type=int, default=1)
    of_fuzz.add_argument("--show", choices=["short", "warned"])
    commands.add_parser("speed").add_argument("--megabytes", type=float, default=1)
    options = parser.parse_args()
    {"cases": cases, "fuzz": fuzz, "speed": speed}[options.what](options)


if __name__ == "__main__":
    main()
