"""A small benchmark with demands that can be counted, and answers in natural English that meet them."""

from __future__ import annotations

from collections.abc import Collection

from miareview.identity import item_id, response_id
from miareview.model import Component, Item, Response

ANSWERS = {
    "two sentences": (
        "in exactly two sentences",
        "length_limit",
        'The owner said, "Wait here," and went inside. The price was 3.50 on a Friday.',
    ),
    "no word": (
        "without using the word 'boat'",
        "mention",
        "Two people wait under an awning. A dog sleeps near the steps.",
    ),
    "small letters": ("in lowercase", "grammar", "two people wait under an awning."),
    "four lines": (
        "in exactly four lines",
        "length_limit",
        "Slow is the river,\nbright is the stone,\nwarm is the lantern,\nburning alone.",
    ),
    "bullets": ("in exactly three bullet points", "length_limit", "- A dog\n- A van, etc.\n- A tower of approx. 40 m"),
    "question": ("including one question", "grammar", "Two people wait under an awning. Who is it that they expect?"),
}


def make_benchmark(copies: int = 4, only: Collection[str] = tuple(ANSWERS)) -> list[Item]:
    items: list[Item] = []
    for copy in range(copies):
        for name, (demand, category, _) in ANSWERS.items():
            if name not in only:
                continue
            index = len(items)
            instruction = f"Describe the scene number {copy} ({name}), {demand}."
            parts = (
                Component(1, "describe", f"Describe the scene number {copy}", 6),
                Component(2, category, demand, 4),
            )
            url = f"https://example.invalid/{index}.png"
            items.append(Item(item_id("made", url, instruction), "made", index, url, instruction, "basic", parts))
    return items


def make_answers(items: list[Item], model: str = "alpha") -> list[Response]:
    texts = {demand: text for demand, _, text in ANSWERS.values()}
    made = [(item, texts[item.components[1].text]) for item in items]
    return [Response(response_id(item.id, model, text, "ok"), item.id, model, text, "ok") for item, text in made]
