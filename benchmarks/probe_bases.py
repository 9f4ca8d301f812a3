"""Made-up responses that meet what can be counted of an instruction, in natural English: what probes are made from."""

from __future__ import annotations

from collections.abc import Iterator

from miareview.model import Item
from miareview.review.checks import check_component, quoted_words
from miareview.review.counts import Demand, demands
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


# Sentences by their first letter, for acrostics; and what is said without a letter.
INITIAL = dict(zip("ABCDEFGHINOPRSTW", (
    "A narrow street runs down to the water.", "Behind it the hills are hardly more than a shadow.",
    "Clouds hang low over the roofs.", "Doors stand open along the quay.", "Every window on the upper floor is shut.",
    "Far off a bell rings twice.", "Grass grows between the stones.", "Here nobody is in a hurry.",
    "In the harbour two boats lie side by side.", "Nothing moves for a while.", "Only the wind has somewhere to be.",
    "People wait under a striped awning.", "Rain has been here and gone.", "Slowly the light comes over the wall.",
    "The steps are worn in the middle.", "What is left of the night stays under the bridge.",
), strict=True))  # fmt: skip
WITHOUT = {
    "e": ("A small dog sits in a sunny yard.", "It looks at you with calm.", "Nothing stirs."),
    "s, r": (
        "A value that a function will go to, and not go beyond.",
        "You may take any tiny gap, and in the end the function will be within it.",
    ),
}
ALL_S = "Six silent swans swim slowly southward, seeking some shade."
ASKED = "Who would not stop here for a while?"


def written(item: Item) -> Iterator[tuple[str, str]]:
    """(style, text) of several answers to the item; whether they meet a demand is for the witness to say."""
    asked: dict[str, Demand] = {}
    for demand in (demand for component in item.components for demand in demands(component.text)):
        asked.setdefault(demand.unit, demand)
    for style, pool in POOLS.items():
        yield style, _finished(item, _shaped(asked, pool))
    if (strict := _strict(item, asked)) is not None:
        yield "strict", strict
    if any(component.category == "math" for component in item.components):
        yield "number", "The value that is asked for comes to 352."


def _strict(item: Item, asked: dict[str, Demand]) -> str | None:
    """An answer to a demand that no ready sentence meets: letters left out, beginnings, a question in the middle."""
    sentences = asked["sentence"].high or 3 if "sentence" in asked else 3
    for component in item.components:
        constraint = check_component(component.text, "A word.", item.instruction).constraint
        if constraint.startswith("without the letter "):
            return " ".join(WITHOUT[constraint.removeprefix("without the letter ")][:sentences])
        if constraint == "every word begins with S":
            return ALL_S
        if " begin: " in constraint:
            unit, wanted = constraint.split("s begin: ", 1)
            return ("\n" if unit == "line" else " ").join(_begun(wanted, sentences))
        if constraint == "exactly 1 sentence; exactly 10 words":
            return "Two people wait with a dog under a striped awning."
        if constraint == "a question" and sentences > 1:
            return " ".join([ASKED, *PLAIN[: sentences - 1]])
    return None


def _begun(wanted: str, count: int) -> list[str]:
    if wanted == "letters of the alphabet in order":
        return [INITIAL[letter] for letter in "ABCDEFGHI"[:count]]
    if wanted.startswith("letters of "):
        return [INITIAL[letter] for letter in wanted.removeprefix("letters of ")]
    if wanted.startswith("all with "):
        return [INITIAL[wanted[-1]]] * count
    openings = wanted.split(", ")
    if all(len(opening) == 1 for opening in openings):
        return [INITIAL[letter] for letter in openings]
    return [f"{opening} the steps there was nothing but water." for opening in openings]


def _shaped(asked: dict[str, Demand], pool: tuple[str, ...]) -> str:
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
            text = text.rsplit(". ", 1)[0] + f". {ASKED}" if ". " in text else text + " Why?"
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
