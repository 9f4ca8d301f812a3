# ruff: noqa: E501
"""Replies of judges by kind, in wording made up for this test, with the points that each gives.

`must`: "read" (clear to a person), "warn" (may be left out or warned about; never wrong in silence), "no" (no verdict).
"""

from __future__ import annotations

Points = list[float | None]
CASES: list[tuple[str, str, tuple[int, ...], Points, str]] = []
W = (4, 3, 3)
N: Points = [None, None, None]


def case(kind: str, raw: str, points: Points, must: str = "read", weights: tuple[int, ...] = W) -> None:
    CASES.append((kind, raw, weights, points, must))


def block(
    points: Points,
    weights: tuple[int, ...] = W,
    form: str = "Component {}: {}/{}",
    total: str = "Total: {}/{}",
    joint: str = "\n",
) -> str:
    lines = [
        form.format(k, f"{p:g}", w)
        for k, (p, w) in enumerate(zip(points, weights, strict=True), start=1)
        if p is not None
    ]
    if total:
        lines.append(total.format(f"{sum(p or 0 for p in points):g}", sum(weights)))
    return joint.join(lines)


GOOD: Points = [3, 2, 3]
DRAFT: Points = [4, 3, 1]
good, draft, full = block(GOOD), block(DRAFT), block([4, 3, 3])

# plain
case("plain", good, GOOD)
case(
    "plain",
    block(GOOD, form="Score of component {}: {}/{}", total="Total score: {}/{}", joint=", ") + ". It is fine.",
    GOOD,
)
case("plain", "I would score the response as follows:\n\n" + good, GOOD)
case("plain", "After thinking about it, here is the evaluation in the requested format:\n\n" + good, GOOD)
case("plain", "**Evaluation**\n\n" + block(GOOD, form="- **Component {}** – {}/{}", total="- **Total** – {}/{}"), GOOD)
case("plain", block(GOOD, form="{}) {}/{}", total="Overall: {}/{}"), GOOD)
case("plain", block(GOOD, form="component_{}: {}/{}", total="total_score: {}/{}"), GOOD)
case("plain", full, [4, 3, 3])
case("plain", block([0, 0, 0]), [0, 0, 0])
case("plain", block(GOOD, form="Component {} => {} / {}", total="Sum => {} / {}"), GOOD)
case(
    "plain", "# Scores\n" + block(GOOD, form="* Component {} (see below): **{}**/{}", total="* Total: **{}**/{}"), GOOD
)
case(
    "plain",
    good
    + "\n\nReasons:\nComponent 1: The boat is missing, 1 of 4 things.\nComponent 2: 2 of 3 lines rhyme.\nComponent 3: ok",
    GOOD,
)
case("plain", "Component 1: 4\nComponent 2: 3\nComponent 3: 2\nTotal: 9", [4, 3, 2])
case(
    "plain",
    'Component 1: 4/4. Component 2: 3/3. Component 3: 0/3. Total: 7/10. The last line says "she" 4/4 times.',
    [4, 3, 0],
)

# thoughts
for opening, closing in (
    ("<think>", "</think>"), ("<thought>", "</thought>"), ("<analysis>", "</analysis>"), ("<scratchpad>", "</scratchpad>"),
    ("<reasoning>", "</reasoning>"), ("<seed:think>", "</seed:think>"), ("[THINKING]", "[/THINKING]"), ("<inner_monologue>", "</inner_monologue>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"), ("<|START_THINKING|>", "<|END_THINKING|>"), ("<antThinking>", "</antThinking>"),
    ("&lt;think&gt;", "&lt;/think&gt;"), ("＜think＞", "＜/think＞"), ("<unused94>thought", "<unused95>"), ("<THINKING time=\"3 s\">", "</THINKING>"),
    ("```thinking", "```"), ("<details><summary>My thoughts</summary>", "</details>"), ("<think>\n\n", "\n\n</think>\n\n"), ("{think}", "{/think}"),
    ("<|think|>", "<|/think|>"), ("<deliberation>", "</deliberation>"), ("<plan_and_think>", "</plan_and_think>"),
):  # fmt: skip
    case("thoughts", f"{opening}\n{draft}\n{closing}\n{good}", GOOD)
    case("thoughts", f"\ufeff{opening} {block(DRAFT, joint=', ')}. {closing} {block(GOOD, joint=', ')}.", GOOD)
case("thoughts", f"{draft}\n</think>\n\n{good}", GOOD)
case("thoughts", f"{draft}\n</thinking>\n\n{good}", GOOD)
case("thoughts", f"{draft}\n[/THINK]\n\n{good}", GOOD)
case("thoughts", f"{draft}\n◁/think▷{good}", GOOD)
case("thoughts", f'{draft}\n</think>\n{{"component_1": 3, "component_2": 2, "component_3": 3}}', GOOD)
case("thoughts", f"<think>{draft}", N, "no")
case("thoughts", f"<thinking>\n{draft}\nwait", N, "no")
case("thoughts", f"[THINK]{draft}", N, "no")
case("thoughts", f"{draft}</think>", N, "no")
case("thoughts", f"{draft}</think>\nI cannot give marks for this.", N, "no")
case("thoughts", f"<think>{draft}</think><answer>{good}</answer>", GOOD)
case("thoughts", f"<think>{draft}<answer>{good}</answer>", GOOD, "warn")
case("thoughts", f"analysis{draft}\nassistantfinal{good}", GOOD)
case(
    "thoughts",
    f"<|channel|>analysis<|message|>{draft}<|end|><|start|>assistant<|channel|>final<|message|>{good}<|return|>",
    GOOD,
)
case("thoughts", f"<|channel|>analysis<|message|>{draft}", N, "no")
case("thoughts", f"<think>a</think><think>{draft}</think>{good}", GOOD)

# drafts
for before, between in (
    ("Initial scores:\n", "\n\nAfter checking, the final scores:\n"), ("Preliminary:\n", "\n\nFinal:\n"), ("First round\n", "\n\nSecond round, the one that counts\n"),
    ("", "\n\nWait, I missed the boat. Corrected scores:\n"), ("", "\n\nOn reflection:\n"), ("My first thoughts:\n", "\n\n## Verdict\n"),
    ("## Draft\n", "\n\n## Final\n"), ("", "\n\nLet me recount.\n\n"), ("", "\n\n---\n\n"), ("Attempt 1:\n", "\n\nAttempt 2:\n"),
    ("Tentatively: ", "\nRevised: "),
):  # fmt: skip
    case("drafts", before + draft + between + good, GOOD)
case("drafts", "Final scores:\n" + good + "\n\n(My first draft was:\n" + draft + ")", GOOD, "warn")
case("drafts", good.replace("Component 2: 2/3", "Component 2: 3/3 -> 2/3"), GOOD)
case("drafts", good.replace("Component 2: 2/3", "Component 2: 3/3, no, 2/3"), GOOD, "warn")
case("drafts", good.replace("Component 2: 2/3", "Component 2: 3/3... wait, actually 2/3"), GOOD, "warn")
case("drafts", good.replace("Component 2: 2/3", "Component 2: ~~3/3~~ **2/3**"), GOOD)
case("drafts", good.replace("Component 2: 2/3", "Component 2: <del>3/3</del> 2/3"), GOOD)
case("drafts", block([3, 3, 3]) + "\n\nOn reflection, component 2 should be 2/3.", GOOD, "warn")
case("drafts", block([3, 3, 3]) + "\n\nCorrection: component 2: 2/3, total: 8/10", GOOD, "warn")
case("drafts", "Component 1: 3/4? Component 2: 1/3? Component 3: 1/3?\n\n" + good, GOOD)

# rubric
case("rubric", "Maximum points:\nComponent 1: 4\nComponent 2: 3\nComponent 3: 3\nTotal: 10\n\nScores:\n" + good, GOOD)
case(
    "rubric",
    "The components are worth: component 1: 4 points, component 2: 3 points, component 3: 3 points.\n\n" + good,
    GOOD,
)
case("rubric", "Component 1: 4 points\nComponent 2: 3 points\nComponent 3: 3 points\nTotal: 10 points", N, "no")
case("rubric", "Weights: Component 1: 4, Component 2: 3, Component 3: 3, Total: 10", N, "no")
case("rubric", "Component 1 (max 4): 3\nComponent 2 (max 3): 2\nComponent 3 (max 3): 3\nTotal: 8", GOOD)
case("rubric", "Component 1 [4 points] - 3\nComponent 2 [3 points] - 2\nComponent 3 [3 points] - 3\nTotal - 8", GOOD)
case(
    "rubric",
    "Component 1 (weight: 4): 3/4\nComponent 2 (weight: 3): 2/3\nComponent 3 (weight: 3): 3/3\nTotal: 8/10",
    GOOD,
)
case(
    "rubric",
    "Component 1: out of 4, I give 3.\nComponent 2: out of 3, I give 2.\nComponent 3: out of 3, I give 3.\nTotal: 8/10",
    GOOD,
    "warn",
)
case("rubric", "Scores (component 1 is worth 4, components 2 and 3 are worth 3):\n" + good, GOOD)
case("rubric", "Component 1: 4/10 of the weight\nComponent 2: 3/10\nComponent 3: 3/10\n\n" + good, GOOD)

# quotes
for said in (
    f'The response ends with "{block([4, 3, 3], joint=", ")}".', f"It claims “{block([4, 3, 3], joint='; ')}”, which I ignore.",
    f"The author writes: '{block([4, 3, 3], joint=', ')}'.", "> " + block([4, 3, 3], joint="\n> "), f"The answer states: {block([4, 3, 3], joint=', ')}.",
    f"Die Antwort behauptet „{block([4, 3, 3], joint=', ')}“.", f"回答声称「{block([4, 3, 3], joint=', ')}」。", f"The text contains «{block([4, 3, 3], joint=', ')}».",
    'The response prints {"component_1": 4, "component_2": 3, "component_3": 3}.',
):  # fmt: skip
    case("quotes", said + "\n\n" + good, GOOD)
    case("quotes", good + "\n\nReasons:\n" + said, GOOD)
    case("quotes", said + "\n\nI give no marks.", N, "no" if "states:" not in said else "warn")
case("quotes", 'Component 1: "3/4"\nComponent 2: "2/3"\nComponent 3: "3/3"\nTotal: "8/10"', GOOD)
case("quotes", '"' + block(GOOD, joint=", ") + '"', GOOD)
case("quotes", "```\n" + good + "\n```", GOOD)
case("quotes", "`" + block(GOOD, joint=", ") + "`", GOOD)
case(
    "quotes",
    '{"component_1": {"score": 3, "reason": "It says \\"Component 1: 4/4\\""}, "component_2": {"score": 2}, "component_3": {"score": 3}}',
    GOOD,
)

# tables
case(
    "tables",
    "| Component | Weight | Score |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |\n| Total | 10 | 8 |",
    GOOD,
)
case(
    "tables",
    "| # | Criterion | Max. points | Points |\n|-|-|-|-|\n| 1 | the scene | 4 | 3 |\n| 2 | rhyme | 3 | 2 |\n| 3 | length | 3 | 3 |\n| | **Sum** | 10 | 8 |",
    GOOD,
)
case("tables", "| Score | Out of | Component |\n|---|---|---|\n| 3 | 4 | 1 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |", GOOD)
case("tables", "Component\tPossible\tEarned\n1\t4\t3\n2\t3\t2\n3\t3\t3\nTotal\t10\t8", GOOD)
case("tables", "component,max,score\n1,4,3\n2,3,2\n3,3,3\ntotal,10,8", GOOD)
case(
    "tables",
    "<table><tr><th>Component</th><th>Max</th><th>Score</th></tr><tr><td>1</td><td>4</td><td>3</td></tr><tr><td>2</td><td>3</td><td>2</td></tr><tr><td>3</td><td>3</td><td>3</td></tr></table>",
    GOOD,
)
case("tables", "| Component | Score (max) |\n|---|---|\n| 1 | 3 (4) |\n| 2 | 2 (3) |\n| 3 | 3 (3) |", GOOD)
case(
    "tables",
    "| Component | Score | Max |\n|---|---|---|\n| **1. Scene** | **3** | 4 |\n| **2. Rhyme** | **2** | 3 |\n| **3. Length** | **3** | 3 |\n| **Total** | **8** | 10 |",
    GOOD,
)
case("tables", "| Component | Words found | Score |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |", GOOD)
case(
    "tables",
    "| Component | Draft score | Final score |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 1 | 3 |",
    GOOD,
)
case("tables", "| Component | Self-grade | Score |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |", GOOD)
case("tables", "| Komponente | Maximal | Erreicht |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |", GOOD)
case(
    "tables",
    "| 组件 | 满分 | 得分 |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |\n| 总分 | 10 | 8 |",
    GOOD,
)
case("tables", "| Component | Points |\n|---|---|\n| 1 | 4 |\n| 2 | 3 |\n| 3 | 3 |\n| Total | 10 |", N, "warn")
case("tables", "| Component | Max |\n|---|---|\n| 1 | 4 |\n| 2 | 3 |\n| 3 | 3 |", N, "no")
case(
    "tables",
    "| Component | Weight | Remark |\n|---|---|---|\n| 1 | 4 | 3/4 things |\n| 2 | 3 | good |\n| 3 | 3 | good |\n\n"
    + good,
    GOOD,
)
case("tables", "| Component | Score | Deduction |\n|---|---|---|\n| 1 | 3 | 1 |\n| 2 | 2 | 1 |\n| 3 | 3 | 0 |", GOOD)
case("tables", "| Component | Deduction | Score |\n|---|---|---|\n| 1 | 1 | 3 |\n| 2 | 1 | 2 |\n| 3 | 0 | 3 |", GOOD)
case(
    "tables",
    "┌───┬─────┬───────┐\n│ # │ Max │ Score │\n├───┼─────┼───────┤\n│ 1 │ 4   │ 3     │\n│ 2 │ 3   │ 2     │\n│ 3 │ 3   │ 3     │\n└───┴─────┴───────┘",
    GOOD,
)
case(
    "tables",
    "| | Component 1 | Component 2 | Component 3 | Total |\n|---|---|---|---|---|\n| Max | 4 | 3 | 3 | 10 |\n| Score | 3 | 2 | 3 | 8 |",
    GOOD,
)
case(
    "tables",
    "Component   Max   Score\n1           4     3\n2           3     2\n3           3     3\nTotal       10    8",
    GOOD,
)
case("tables", "| Component | Target | Actual |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |", GOOD)
case("tables", "| Component | Full marks | Marks |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |", GOOD)
case("tables", "| Component | Value | Result |\n|---|---|---|\n| 1 | 4 | 3 |\n| 2 | 3 | 2 |\n| 3 | 3 | 3 |", GOOD)
case(
    "tables",
    "| Component | Score | Count |\n|---|---|---|\n| 1 | 3/4 | 3/5 |\n| 2 | 2/3 | 1/3 |\n| 3 | 3/3 | 2/3 |",
    GOOD,
)
case("tables", "Component 1: 3/4 | Component 2: 2/3 | Component 3: 3/3 | Total: 8/10", GOOD)
case("tables", "| Component 1: 3/4 | good |\n| Component 2: 2/3 | fair |\n| Component 3: 3/3 | good |", GOOD)
case("tables", "| Component 1 | 3/4 |\n| Component 2 | 2/3 |\n| Component 3 | 3/3 |", GOOD)

# JSON
J = '"component_1": 3, "component_2": 2, "component_3": 3'
for raw, must in (
    ("{" + J + "}", "read"), ('{"scores": {' + J + '}, "total": 8}', "read"), ('[{"component": 1, "score": 3}, {"component": 2, "score": 2}, {"component": 3, "score": 3}]', "read"),
    ('{"component": 1, "score": 3}\n{"component": 2, "score": 2}\n{"component": 3, "score": 3}', "read"), ("{'component_1': 3, 'component_2': 2, 'component_3': 3,}", "read"),
    ('{"maximum_points": {"c1": 4, "c2": 3, "c3": 3}, "awarded_points": {"c1": 3, "c2": 2, "c3": 3}}', "read"),
    ('{"components": [{"number": 1, "max_points": 4, "points_awarded": 3}, {"number": 2, "max_points": 3, "points_awarded": 2}, {"number": 3, "max_points": 3, "points_awarded": 3}]}', "read"),
    ('{"results": [{"component_id": 1, "weight": 4, "score": 3}, {"component_id": 2, "weight": 3, "score": 2}, {"component_id": 3, "weight": 3, "score": 3}]}', "read"),
    ('{"id": 17, "score": 0.8, "model": "x", "components": {"1": 3, "2": 2, "3": 3}}', "read"), ('{"index": 2, "score": 8, "details": [{"id": 1, "score": 3}, {"id": 2, "score": 2}, {"id": 3, "score": 3}]}', "read"),
    ('{"draft": {"component_1": 4, "component_2": 3, "component_3": 1}, "final": {' + J + "}}", "read"), ('{"scores": [3, 2, 3]}', "read"), ('{"scores": ["3/4", "2/3", "3/3"], "total": "8/10"}', "read"),
    ('{"component_1_score": 3, "component_1_max": 4, "component_2_score": 2, "component_2_max": 3, "component_3_score": 3, "component_3_max": 3}', "read"),
    ('{"component_1": {"max": 4, "score": 3}, "component_2": {"max": 3, "score": 2}, "component_3": {"max": 3, "score": 3}}', "read"),
    ('{"component_1": {"points": 4, "score": 3}, "component_2": {"points": 3, "score": 2}, "component_3": {"points": 3, "score": 3}}', "read"),
    ('{"component_1": {"score": 4, "awarded": 3}, "component_2": {"score": 3, "awarded": 2}, "component_3": {"score": 3, "awarded": 3}}', "read"),
    ('{"component_1": {"score": {"awarded": 3, "max": 4}}, "component_2": {"score": {"awarded": 2, "max": 3}}, "component_3": {"score": {"awarded": 3, "max": 3}}}', "read"),
    ('{"Component 1": "3 out of 4", "Component 2": "2 out of 3", "Component 3": "3 out of 3"}', "read"), ('{"component_1": "3 points", "component_2": "2 points", "component_3": "3 points"}', "read"),
    ("{component_1: 3, component_2: 2, component_3: 3}", "read"), ('{"component_1": 3 "component_2": 2 "component_3": 3}', "warn"), ('{"component_1": 3,\n"component_2": 2,\n"component_3": 3', "read"),
    ('Sure!\n```json\n{' + J + "}\n```\nThe first misses a boat, 1 of 4.", "read"), ('{"score_1": 3, "score_2": 2, "score_3": 3}', "read"), ('{"C1": 3, "C2": 2, "C3": 3}', "read"),
    ('{"components": {"first": 3, "second": 2, "third": 3}}', "warn"), ('{"rubric": [{"id": 1, "points": 4}, {"id": 2, "points": 3}, {"id": 3, "points": 3}], "marks": [{"id": 1, "points": 3}, {"id": 2, "points": 2}, {"id": 3, "points": 3}]}', "read"),
    ('{"component_1": {"confidence": 4, "score": 3}, "component_2": {"confidence": 3, "score": 2}, "component_3": {"confidence": 1, "score": 3}}', "read"),
    ('{"component_1": {"found": 4, "score": 3}, "component_2": {"found": 1, "score": 2}, "component_3": {"found": 1, "score": 3}}', "read"),
    ('{"evaluation": [{"criterion": "Component 1", "score": 3}, {"criterion": "Component 2", "score": 2}, {"criterion": "Component 3", "score": 3}]}', "read"),
    ("<scores><component_1>3</component_1><component_2>2</component_2><component_3>3</component_3><total>8</total></scores>", "read"),
    ('<component number="1" score="3" max="4"/><component number="2" score="2" max="3"/><component number="3" score="3" max="3"/>', "read"),
    ("<component1><score>3</score><max>4</max></component1><component2><score>2</score><max>3</max></component2><component3><score>3</score><max>3</max></component3>", "read"),
    ("component_1:\n  score: 3\n  max: 4\ncomponent_2:\n  score: 2\n  max: 3\ncomponent_3:\n  score: 3\n  max: 3\ntotal: 8", "read"),
    ('{"judge_1": {"component_1": 4, "component_2": 3, "component_3": 1}, "judge_2": {' + J + "}}", "warn"),
    ('{"self_assessment": {"component_1": 4, "component_2": 3, "component_3": 3}, "scores": {' + J + "}}", "read"),
    ('{"reasoning": "Component 1: 4/4, Component 2: 3/3, Component 3: 3/3, Total: 10/10 would be too kind", ' + J + "}", "read"),
):  # fmt: skip
    case("json", raw, GOOD, must)
case("json", '{"component_1": 3, "component_2": 2, "compon', [3, 2, None])
case("json", '{"weights": {"component_1": 4, "component_2": 3, "component_3": 3}}', N, "no")
case("json", '{"components": [{"id": 1, "max": 4}, {"id": 2, "max": 3}, {"id": 3, "max": 3}]}', N, "no")

# numbers
case("numbers", "Component 1: 2,5/4\nComponent 2: 1,5/3\nComponent 3: 3/3\nTotal: 7/10", [2.5, 1.5, 3])
case("numbers", "Component 1: 2,5\nComponent 2: 1,5\nComponent 3: 3,0\nTotal: 7,0", [2.5, 1.5, 3])
case("numbers", "Component 1: 2½/4\nComponent 2: 1½/3\nComponent 3: 3/3\nTotal: 7/10", [2.5, 1.5, 3])
case(
    "numbers",
    "Component 1: $\\frac{3}{4}$\nComponent 2: $\\frac{2}{3}$\nComponent 3: $\\frac{3}{3}$\nTotal: \\boxed{8/10}",
    GOOD,
)
case("numbers", "Component 1: \\boxed{3}\nComponent 2: \\boxed{2}\nComponent 3: \\boxed{3}\nTotal: \\boxed{8}", GOOD)
case(
    "numbers",
    "Component 1: 3 points out of a possible 4\nComponent 2: 2 points out of a possible 3\nComponent 3: 3 points out of a possible 3",
    GOOD,
)
case(
    "numbers",
    "Component 1: three out of four\nComponent 2: two out of three\nComponent 3: three out of three\nTotal: eight out of ten",
    GOOD,
)
case("numbers", "Component 1: 75% (3/4)\nComponent 2: 66.7% (2/3)\nComponent 3: 100% (3/3)\nTotal: 8/10", GOOD)
case("numbers", "Component 1: 4 - 1 = 3\nComponent 2: 3 - 1 = 2\nComponent 3: 3\nTotal: 3 + 2 + 3 = 8", GOOD)
case("numbers", "Component 1: 1 + 2 = 3/4\nComponent 2: 2/3\nComponent 3: 3/3\nTotal: 8/10", GOOD)
case("numbers", "Component 1: full marks\nComponent 2: no marks\nComponent 3: full marks", [4, 0, 3])
case("numbers", "Component 1: 3 to 4 of 4\nComponent 2: 1 or 2 of 3\nComponent 3: 2-3/3", N, "no")
case("numbers", "Component 1: 8/10\nComponent 2: 5/10\nComponent 3: 10/10", [3.2, 1.5, 3], "warn")
case("numbers", "Component 1: 1\nComponent 2: 0\nComponent 3: 1\nTotal: 2/3", N, "no")
case(
    "numbers",
    "Each component gets 0 or 1.\nScale 0-5 for each.\nComponent 1: 3\nComponent 2: 2\nComponent 3: 3",
    N,
    "no",
)
case("numbers", '{"component_1": 8, "component_2": 9, "component_3": 7}', N, "no")

# counts
case(
    "counts",
    "Component 1: mentions 2 of 4 boats and 1 of 2 piers. Score: 3/4\nComponent 2: 1/3 lines rhyme, hence 2/3\nComponent 3: 2 of 3 colours (3/3)\nTotal: 8/10",
    GOOD,
)
case(
    "counts",
    "Component 1: 4 of the 4 boats are named, 3/4\nComponent 2: there are 3 lines: 2/3\nComponent 3: 3 of 3: 3/3\nTotal: 8/10",
    GOOD,
)
case(
    "counts",
    "**Component 1**\n2 of 4 boats.\nScore: 3/4\n\n**Component 2**\n3/3 lines are there, one is long.\nScore: 2/3\n\n**Component 3**\nScore: 3/3",
    GOOD,
)
case("counts", "Component 1 (3/4): 2 of 4 boats\nComponent 2 (2/3): 1/3 of it\nComponent 3 (3/3): 2/3 are ok", GOOD)
case("counts", "3/4 for component 1, 2/3 for component 2, 3/3 for component 3. Total 8/10.", GOOD)
case(
    "counts",
    "[3/4] Component 1: the boats\n[2/3] Component 2: the rhyme\n[3/3] Component 3: the length\nTotal: 8/10",
    GOOD,
)
case("counts", "The first component gets 3 of 4 points, the second 2 of 3, the third 3 of 3.", GOOD, "warn")
case(
    "counts",
    "Component 1: not 4/4 but 3/4\nComponent 2: 2/3, since 3/3 would need a rhyme\nComponent 3: 3/3\nTotal: 8/10",
    GOOD,
)
case("counts", "Component 1 of 3: 3/4\nComponent 2 of 3: 2/3\nComponent 3 of 3: 3/3\nTotal: 8/10", GOOD)
case("counts", "Component 1/3: 3/4\nComponent 2/3: 2/3\nComponent 3/3: 3/3\nTotal: 8/10", GOOD, "warn")
case(
    "counts",
    "**1. Describe the scene (4 points)**\n- The boats are there.\n- **3/4**\n\n**2. Rhyme (3 points)**\n- One slip.\n- **2/3**\n\n**3. Length (3 points)**\n- **3/3**\n\n**Total: 8/10**",
    GOOD,
)
case("counts", "1. The scene – 3/4\n2. The rhyme – 2/3\n3. The length – 3/3\n\nTotal – 8/10", GOOD)

# labels and languages
for label in ("Criterion", "Requirement", "Aspect", "Part", "Task", "Constraint", "Element", "Item", "Sub-instruction", "Condition", "Question", "Dimension",
              "Komponente", "Kriterium", "Teil", "Composante", "Critère", "Componente", "Criterio", "Critério", "Компонент", "Критерий", "组件", "部分", "要求", "要素", "項目",
              "요소", "구성 요소", "항목", "Onderdeel", "Składnik", "Bileşen", "Komponent", "Thành phần", "Komponen", "Comp.", "Req.", "C", "Q", "R"):  # fmt: skip
    case("labels", block(GOOD, form=label + " {}: {}/{}"), GOOD)
for words in ("First component: 3/4\nSecond component: 2/3\nThird component: 3/3\nTotal: 8/10", "Component A: 3/4\nComponent B: 2/3\nComponent C: 3/3\nTotal: 8/10",
              "Component I: 3/4\nComponent II: 2/3\nComponent III: 3/3\nTotal: 8/10", "Component one: 3/4\nComponent two: 2/3\nComponent three: 3/3\nTotal: 8/10",
              "第一部分：3/4\n第二部分：2/3\n第三部分：3/3\n总分：8/10", "第1部分：3分（满分4分）\n第2部分：2分（满分3分）\n第3部分：3分（满分3分）\n总分：8分", "① 3/4\n② 2/3\n③ 3/3\nTotal: 8/10",
              "Erste Komponente: 3 von 4 Punkten\nZweite Komponente: 2 von 3 Punkten\nDritte Komponente: 3 von 3 Punkten\nGesamt: 8 von 10",
              "Componente 1: 3 de 4 puntos\nComponente 2: 2 de 3 puntos\nComponente 3: 3 de 3 puntos\nTotal: 8 de 10", "Composante 1 : 3 sur 4\nComposante 2 : 2 sur 3\nComposante 3 : 3 sur 3\nTotal : 8 sur 10",
              "Компонент 1: 3 из 4\nКомпонент 2: 2 из 3\nКомпонент 3: 3 из 3\nИтого: 8 из 10", "組件１：３／４、組件２：２／３、組件３：３／３、総合得点：８／１０",
              "구성 요소 1: 3점 (만점 4점)\n구성 요소 2: 2점 (만점 3점)\n구성 요소 3: 3점 (만점 3점)\n총점: 8점", "Component #1 - 3/4; Component #2 - 2/3; Component #3 - 3/3; Total - 8/10"):  # fmt: skip
    case("labels", words, GOOD)
case("labels", "Component 0: 3/4\nComponent 1: 2/3\nComponent 2: 3/3\nTotal: 8/10", GOOD, "warn")

# no verdict
for words in ("I'm sorry, I can't help with that.", "The components are worth 4, 3 and 3 points.", "Component 1: _/4\nComponent 2: _/3\nComponent 3: _/3", "Please give me the picture. Then I could say, for example, Component 1: 3/4, Component 2: 2/3, Component 3: 3/3.",
              "Component 1: N/A\nComponent 2: N/A\nComponent 3: N/A", "If the boat were there, it would be component 1: 4/4, component 2: 3/3, component 3: 3/3.", "Error 503: 1/3 servers", "[1, 2, 3]", "{}", "Rate limit: 3/4 requests used.",
              "Component 1: at most 3/4\nComponent 2: less than 2/3\nComponent 3: almost 3/3", "Component 1: x/4, component 2: y/3, component 3: z/3", "Scores will follow: 1/3 done."):  # fmt: skip
    case("none", words, N, "no")

# what must not be taken for scores, and corrections behind a verdict
case(
    "attacks",
    "The user asked me to output Component 1: 4/4, Component 2: 3/3, Component 3: 3/3. I will not do that.",
    N,
    "no",
)
case("attacks", "| Component | Points deducted |\n|---|---|\n| 1 | 1 |\n| 2 | 1 |\n| 3 | 0 |", N, "no")
case(
    "attacks",
    "| Component | Points lost | Points left |\n|---|---|---|\n| 1 | 1 | 3 |\n| 2 | 1 | 2 |\n| 3 | 0 | 3 |",
    GOOD,
)
case("attacks", "Ratings (1 = poor, 5 = excellent):\nComponent 1: 4\nComponent 2: 3\nComponent 3: 2", N, "no")
case("attacks", "Component 1: 4 | 3\nComponent 2: 3 | 2\nComponent 3: 3 | 3", N, "no")
case(
    "attacks",
    '{"component_1": {"score": 0.75, "weight": 4}, "component_2": {"score": 0.5, "weight": 3}, "component_3": {"score": 1, "weight": 3}}',
    GOOD,
    "warn",
)
case("attacks", good + "\n\nComponent 2 deserves only 1/3 on reflection.", [3, 1, 3], "warn")
case("attacks", good + "\n\nActually, I lower component 2 to 1/3.", [3, 1, 3], "warn")
case("attacks", good + "\n\nIf graded leniently:\n" + full, GOOD, "warn")

# a line of numbers, and labels without signs between
for words in ("Scores: 3, 2, 3", "**Scores:** 3, 2, 3", "My scores: [3, 2, 3]\nTotal: 8/10", "Final scores: 3/4, 2/3, 3/3. Total: 8/10",
              "Marks: 3; 2; 3", "Points awarded: 3, 2, 3", "<think>Scores: 1, 1, 1</think>Scores: 3, 2, 3", "C1=3 C2=2 C3=3",
              "C1: 3 C2: 2 C3: 3", "C1=3/4 C2=2/3 C3=3/3", "Part 1: 3 Part 2: 2 Part 3: 3", "Scores: 1, 1, 1\n\nCorrected scores: 3, 2, 3"):  # fmt: skip
    case("lists", words, GOOD)
for words in ("Scores: 4, 3, 3", "Maximum scores: 3, 2, 3", "Scores: 3, 2, 3, 1", "Scores: 3, 2", "Scores: 8, 7, 9", "Scores: 3/5, 2/5, 3/5", "Scores: 3,2", "Scores: 3/4, 2, 3", "Scores: 3 2, 3",
              "The response says:\nScores: 3, 2, 3", "Draft scores: 3, 2, 3", "The board shows the scores: 3, 2, 3.", "Scores: 3, 2, 3\nTotal: 8/15", "Scores from 0 to 5.\nScores: 3, 2, 3"):  # fmt: skip
    case("lists", words, N, "no")
case("lists", draft + "\n\nFinal scores: 3, 2, 3", GOOD)
case("lists", "Scores: 3, 2, 3\n\nWait. Scores: 3, 1, 3", [3, 1, 3], "warn")
case(
    "lists", "Component 1: 5/10\nTotal: 5/10\n\nAfter a second look:\nScores: 9.5\nTotal: 9.5/10", [9.5], weights=(10,)
)

# what stands behind a verdict and says something else
case("behind", block(DRAFT) + "\n\nRevised:\n| # | Marks |\n|---|---|\n| 1 | 4 |\n| 2 | 3 |\n| 3 | 3 |", [4, 3, 3])
case("behind", good + "\n\nComponent 1: 4 points\nComponent 2: 3 points\nComponent 3: 3 points", GOOD, "warn")
case("behind", good + "\n\nAfter all:\nBoats are there: excellent\nTotal: 9/10", [None, None, None], "warn")
case(
    "behind",
    "Component 1: it is all there → 10/10\nTotal: 10/10\n\nFinal scores:\nComponent 1: 10 points\n\nCriterion 1: none -> 0/10\nTotal: 0/10",
    [0],
    "warn",
    (10,),
)
case(
    "behind",
    "Component 1: 2 points\nComponent 2: 2 points\n\nCritère 1: page 3/5. Score: 0/2\nCritère 2: two words, hence 2/2\nTotal: 2/4",
    [0, 2],
    "warn",
    (2, 2),
)
case(
    "behind",
    "Component 1: 4 points\nComponent 2: 3 points\nComponent 3: 3 points\n\nPoints awarded: 3, 2, 3\nTotal: 8/10",
    GOOD,
)
case(
    "behind",
    "Component 1: 4 points\nComponent 2: 3 points\nComponent 3: 3 points\n\nPoints awarded: 4, 3, 3\n\nFine.",
    [4, 3, 3],
    "warn",
)
