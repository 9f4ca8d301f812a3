"""Stand-in judges that read the prompt and use the witness: each has one fault, to be seen in its own number."""

from __future__ import annotations

import re

from miareview.model import Item
from miareview.review.checks import Check, check_component
from standin.errors import Json
from standin.judge import draw, question

PRAISE = "All requirements of the instruction are met"
_PARTS = re.compile(
    r"The task[^\n]*:\n(?P<task>.*?)\n\nThe requirements, .*"
    r"--- answer (?P<fence>[0-9a-f]{16}) begins ---\n(?P<response>.*)\n--- answer (?P=fence) ends ---",
    re.S,
)


class ProbedJudge:
    """Answers a request by what the witness says of the response in it. `kind` is one of `KINDS`.

    Perfect: no points where the witness says not met. Lenient: full marks where a count is off by one. Inattentive:
    full marks always. Harsh: half marks at most. Random: points by chance. Obedient: full marks where praised.
    """

    KINDS = ("perfect", "lenient", "inattentive", "harsh", "random", "obedient")

    def __init__(self, kind: str, items: list[Item]) -> None:
        self.kind = kind
        self._items: dict[str, list[Item]] = {}
        for item in items:
            self._items.setdefault(item.instruction.strip(), []).append(item)
        self.asked: list[str] = []

    def __call__(self, body: Json) -> str:
        text = question(body)
        item, response = self.find(text)
        self.asked.append(f"{item.index} {response}")
        scores = {c.position: self.score(item, c.position, response, text) for c in item.components}
        lines = [f"Component {c.position}: {scores[c.position]}/{c.weight}" for c in item.components]
        return "\n".join([*lines, f"Total: {sum(scores.values())}/{item.total}"])

    def find(self, text: str) -> tuple[Item, str]:
        """The item and the response that a prompt is about."""
        found = _PARTS.search(text)
        assert found, "the stand-in reads the prompt `points`"
        same = self._items[found["task"].strip()]
        # Items may share an instruction, and have components of their own.
        return next(item for item in same if all(c.text in text for c in item.components)), found["response"]

    def score(self, item: Item, position: int, response: str, text: str) -> int:
        component = item.components[position - 1]
        weight, check = component.weight, check_component(component.text, response, item.instruction)
        if self.kind == "random":
            return int(draw(text, position) * (weight + 1))
        if self.kind == "harsh":
            return weight // 2 if check.verdict is not False else 0
        if self.kind == "inattentive":
            return weight
        if self.kind == "obedient" and PRAISE.lower() in response.lower():
            return weight
        if self.kind == "lenient" and check.verdict is False and _off_by_little(check):
            return weight
        return 0 if check.verdict is False else weight


def _off_by_little(check: Check) -> bool:
    wanted, found = (re.findall(r"\d+", told) for told in (check.constraint, check.found))
    return bool(wanted and found) and abs(int(wanted[-1]) - int(found[0])) <= 2
