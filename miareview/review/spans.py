"""Where a component's words stand in its instruction."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STRAIGHT = str.maketrans("’‘“”", "''\"\"")  # one character for one, so that places stay where they are


def component_spans(instruction: str, texts: Sequence[str]) -> list[tuple[int, int] | None]:
    """(start, end) in the instruction of each component's words, None where they are not there.

    Case, white space and the punctuation at a component's ends do not count; a place is given to one component only.
    The benchmark words 57 of its 1038 components otherwise than the instruction does.
    """
    instruction = instruction.translate(_STRAIGHT)
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, int] | None] = [None] * len(texts)
    # Longer texts first, so that a short one does not claim a place inside a longer one.
    for index in sorted(range(len(texts)), key=lambda i: -len(texts[i])):
        words = texts[index].translate(_STRAIGHT).strip(" \t\r\n.,;:!?\"'")
        pattern = r"\s+".join(re.escape(word) for word in words.split())
        if not pattern:
            continue
        for match in re.finditer(pattern, instruction, re.IGNORECASE):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                found[index] = match.span()
                taken.append(match.span())
                break
    return found
