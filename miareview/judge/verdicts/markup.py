"""XML that judges write around scores, as the same nodes that JSON gives."""

from __future__ import annotations

import re

from miareview.judge.verdicts.loose_json import Node
from miareview.judge.verdicts.words import COMPONENT, PART

# "<<<RESPONSE" and "RESPONSE>>>" set a passage apart and are no tags.
_TAG = re.compile(
    r"(?<!<)<(?P<shut>/?)(?P<name>[A-Za-z_][\w:.-]{0,60})(?P<more>(?:\s[^<>]{0,500})?)(?P<empty>/?)>(?!>)"
)
_ATTRIBUTE = re.compile(r"([\w:.-]{1,60})\s{0,3}=\s{0,3}(?:\"([^\"<>]{0,300})\"|'([^'<>]{0,300})'|([\w./]{1,30}))")
_WORTH_IT = re.compile(rf"<(?:{COMPONENT}|{PART}|total|c\d|results?|marks?|grades?)[\s\d_>=/.-]", re.I)
_TAGS = re.compile(r"(?:<[^<>]{1,200}>\s{0,20})+$")
_MOST_DEPTH = 100


def markup_nodes(text: str) -> list[Node]:
    """The outermost elements of the text as one object, where any names a component or a score; none otherwise."""
    if not _WORTH_IT.search(text):
        return []
    root = Node("object", 0, len(text))
    stack: list[tuple[str, Node, int]] = [("", root, 0)]
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if tag["shut"]:
            depth = next((k for k in range(len(stack) - 1, 0, -1) if stack[k][0] == name), 0)
            if depth:
                for _ in range(len(stack) - depth):
                    _close(text, stack, tag)
        elif len(stack) < _MOST_DEPTH:
            node = Node("object", tag.start(), tag.end())
            for match in _ATTRIBUTE.finditer(tag["more"]):
                group = next((k for k in (2, 3, 4) if match[k] is not None), None)
                if group:
                    at = tag.start("more") + match.start(group)
                    node.pairs.append((match[1], Node("text", at, at + len(match[group]), match[group])))
            stack.append((name, node, tag.end()))
            if tag["empty"] or tag["more"].endswith("/"):
                stack.pop()
                stack[-1][1].pairs.append((name, node))
    while len(stack) > 1:  # what was never shut holds nothing
        _, unshut, _ = stack.pop()
        stack[-1][1].pairs += unshut.pairs
    return [root] if root.pairs else []


def elements_around(text: str, root: Node, start: int, end: int) -> tuple[int, int]:
    """Where the outermost elements begin and end in which text[start:end] stands."""
    around = [one for _, one in root.pairs if one.start <= end and start <= one.end]
    start = min((one.start for one in around), default=start)
    tags = _TAGS.search(text, max(0, start - 400), start)
    return tags.start() if tags else start, max((one.end for one in around), default=end)


def _close(text: str, stack: list[tuple[str, Node, int]], tag: re.Match[str]) -> None:
    name, node, start = stack.pop()
    node.end = tag.end()
    inner = text[start : tag.start()]
    lead = len(inner) - len(inner.lstrip())
    words = Node("text", start + lead, start + lead + len(inner.strip()), inner.strip()[:5000])
    children = any(value.kind == "object" for _, value in node.pairs)
    if not children and node.pairs:
        node.pairs.append(("text", words))
    stack[-1][1].pairs.append((name, node if node.pairs else words))
