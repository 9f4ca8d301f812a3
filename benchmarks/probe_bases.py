"""Made-up responses that meet what can be counted of an instruction, in natural English: what probes are made from."""

from __future__ import annotations

from collections.abc import Iterator

from miareview.model import Item
from miareview.review.checks import check_component, quoted_words
from miareview.review.counts import demands
from miareview.text import words

PLAIN = (
    "A narrow street runs down to the water.", "Two people wait under a striped awning.",
    "Behind them a delivery van is parked with its doors open.", "The light is low and comes from the left.",
    "Somebody has left a bicycle against the railing.", "In the distance the hills are hardly more than a shadow.",
    "The whole scene has the calm of an early morning.", "A dog sleeps near the steps.",
    "Every window on the upper floor is shut.", "It could be a market day in a small town.",
)  # fmt: skip
ODD = (
    'Dr. Alvarez said, "Wait here," and went inside.', "The board lists a price of 3.50 for a pot of tea.",
    "St. Mary's tower, approx. 40 m high, stands at the far end.",
    "Mrs. Lane keeps cups, plates, spoons, etc. on a cart.",
    "At 9 a.m. the square is still empty, e.g. around the well.", "Mr. J. R. Poole's name is painted over the door.",
    "It is quiet... perhaps too quiet for a Friday.", "“Nobody comes before noon,” the owner likes to say.",
    "The U.S. flag hangs beside two others.", "Version 2.0 of the poster is pasted over the first.",
)  # fmt: skip
SPOKEN = (
    '"Are you coming?" she asks.', '"In a minute," he says.', '"That is what you said yesterday!"',
    '"Yesterday I had both shoes."', '"Fine," she says, "then I will go alone."', '"Take the umbrella, at least."',
    "He looks at the sky.", "She does not.", "The door closes softly.", "Nobody speaks for a while.",
)  # fmt: skip
VERSE = (
    "Slow is the river, bright is the stone,", "warm is the lantern that burns on its own,",
    "late come the swallows, early the rain,", "grey roll the hills at the edge of the plain,",
    "soft falls the evening on shutter and wall,", "small are the footsteps, and no one at all",
    "waits by the ferry or calls from the shore,", "only the wind has its hand on the door.",
)  # fmt: skip
POOLS = {"plain": PLAIN, "odd": ODD, "spoken": SPOKEN}


def written(item: Item) -> Iterator[tuple[str, str]]:
    """(style, text) of several answers to the item; whether they meet a demand is for the witness to say."""
    asked = {d.unit: d for c in item.components for d in demands(c.text)}
    for style, pool in POOLS.items():
        yield style, _finished(item, _shaped(asked, pool))


def _shaped(asked: dict, pool: tuple[str, ...]) -> str:  # type: ignore[type-arg]
    def wanted(unit: str, default: int) -> int:
        demand = asked.get(unit)
        return default if demand is None else max(demand.low, min(demand.high or demand.low + 1, 3))

    def some(count: int, start: int = 0) -> list[str]:
        return [pool[(start + k) % len(pool)] for k in range(count)]

    if "bullet" in asked:
        return "\n".join(f"- {line}" for line in some(wanted("bullet", 3)))
    if "line" in asked:
        count = wanted("line", 4)
        return "\n".join(VERSE[k % len(VERSE)].rstrip(",.") + ("." if k == count - 1 else ",") for k in range(count))
    if "paragraph" in asked:
        return "\n\n".join(" ".join(some(2, 2 * k)) for k in range(wanted("paragraph", 2)))
    if "sentence" in asked:
        return " ".join(some(wanted("sentence", 3)))
    if "word" in asked:
        high = asked["word"].high or asked["word"].low + 2
        low, text = asked["word"].low, ""
        for sentence in some(40):
            if len(words(f"{text} {sentence}")) > high:
                break
            text = f"{text} {sentence}".strip()
        filler = "quiet grey stones and small lamps along the long old wall by the river".split()
        missing = max(low, 1) - len(words(text))
        return f"{text} {' '.join(filler[:missing]).capitalize()}.".strip() if missing > 0 else text
    return " ".join(some(3))


def _finished(item: Item, text: str) -> str:
    """The text with required words, a question, an opening and capitals or small letters, where these are asked for."""
    for component in item.components:
        check = check_component(component.text, text, item.instruction)
        if check.constraint.startswith("with ") and check.verdict is not True:
            named = ", ".join(quoted_words(component.text))
            text = text.rstrip(".") + f", with {named} in it."
        if check.constraint == "a question" and check.verdict is False:
            text = (
                text.rsplit(". ", 1)[0] + ". Who would not stop here for a while?" if ". " in text else text + " Why?"
            )
        if check.constraint == "exclamation marks":
            text = text.replace(". ", "! ")
        if check.constraint == "in lowercase":
            text = text.lower()
        if check.constraint == "in capital letters":
            text = text.upper()
        if check.constraint.startswith("begins with"):
            text = f"{quoted_words(component.text)[0]} one could say this: {text[0].lower()}{text[1:]}"
        if check.constraint == "in bullet points" and check.verdict is not True:
            text = "\n".join(f"- {line}" for line in PLAIN[:3])
    return text
