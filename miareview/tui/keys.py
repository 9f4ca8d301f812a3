"""The one table of keys: bindings, footer, help screen, command palette and docs/keys.md are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does. `keys` are Textual's names, `shown` is how they are written, `show` is for the footer."""

    action: str
    keys: str
    shown: str
    label: str
    help: str
    show: bool = False


REVIEW = (
    Key("next_component", "down,j", "↓ j", "component", "select the next component"),
    Key("previous_component", "up,k", "↑ k", "component", "select the previous component"),
    Key("score", "0,1,2,3,4,5,6,7,8,9", "0–9", "score", "give that many points and go to the next component", True),
    Key("half(1)", "full_stop,plus", ". +", "½ up", "half a point up"),
    Key("half(-1)", "minus", "-", "½ down", "half a point down"),
    Key("full_marks", "f", "f", "full", "full marks on all components that have no score yet", True),
    Key("commit", "enter", "↵", "commit", "commit this review and go on; where the judge is shown, press again", True),
    Key("undo", "u", "u", "undo", "undo the last word here, or open the last commit if its judge is hidden", True),
    Key("redo", "ctrl+r", "^r", "redo", "redo what was undone"),
    Key("clear", "backspace,delete", "⌫", "clear", "take the score of this component away"),
    Key("next_item", "n,right,l", "n", "next", "go to the next item", True),
    Key("previous_item", "p,left,h", "p", "previous", "go to the previous item"),
    Key("back_one", "b", "b", "back", "go back one response"),
    Key("next_model", "m", "m", "model", "go to the next model's response to this item", True),
    Key("previous_model", "M", "M", "model", "go to the previous model's response to this item"),
    Key("agree", "a", "a", "agree", "agree with the judge on this component (only where it is visible)"),
    Key("agree_all", "A", "A", "agree all", "agree with the judge on all components that have no score yet"),
    Key("reveal", "r", "r", "reveal", "show the judge's scores; asks first, and is recorded", True),
    Key("help", "question_mark", "?", "help", "this page", True),
    Key("reason", "t", "t", "reason", "say why the judge is wrong on this component"),
    Key("comment", "c", "c", "note", "write a comment on this response", True),
    Key("ungradable", "x", "x", "ungradable", "this component cannot be graded, and why"),
    Key("skip", "s", "s", "skip", "skip this response for now"),
    Key("flag", "F", "F", "flag", "flag this response for discussion"),
    Key("zoom", "z", "z", "zoom", "the picture on the whole screen; any key comes back", True),
    Key("open_picture", "o", "o", "open", "open the picture in the system's viewer"),
    Key("scroll_response(1)", "pagedown,space", "PgDn", "scroll", "scroll the response down"),
    Key("scroll_response(-1)", "pageup", "PgUp", "scroll", "scroll the response up"),
    Key("scroll_reasons(1)", "J,right_square_bracket", "]", "scroll", "scroll the judge's reasons down"),
    Key("scroll_reasons(-1)", "K,left_square_bracket", "[", "scroll", "scroll the judge's reasons up"),
    Key("end", "E", "E", "end", "where you stand in this queue; close it here"),
    Key("search", "slash", "/", "search", "find an item by number or by words in instruction or response"),
    Key("app.browse", "i", "i", "browse", "the list of all responses: filter, sort, count", True),
    Key("app.scores", "S", "S", "scores", "the leaderboard: judge, corrected score, interval, rank"),
    Key("app.agreement", "G", "G", "agreement", "how far the judge and people agree, as pictures"),
    Key("app.command_palette", "ctrl+p", "^p", "commands", "every command, by name"),
    Key("app.quit", "q,ctrl+q", "q", "quit", "leave; everything is already on disk"),
)

SCORES = (
    Key("move(1)", "down,j", "↓ j", "model", "select the next model"),
    Key("move(-1)", "up,k", "↑ k", "model", "select the previous model"),
    Key("open", "enter", "↵", "reviews behind", "the reviews behind a model that you may see, also by click", True),
    Key("categories", "c", "c", "categories", "judge − corrected by category, show or hide", True),
    Key("errors", "e", "e", "errors", "count responses that are errors as 0, or leave them out", True),
    Key("app.agreement", "G", "G", "agreement", "how far the judge and people agree, as pictures", True),
    Key("scroll(1)", "pagedown,space", "PgDn", "scroll", "scroll down"),
    Key("scroll(-1)", "pageup", "PgUp", "scroll", "scroll up"),
    Key("app.command_palette", "ctrl+p", "^p", "commands", "every command, by name"),
    Key("back", "q,escape", "q", "back", "back to where you were", True),
)

AGREEMENT = (
    Key("move(0, 1)", "right,l", "→ l", "cell", "select the cell to the right; beyond the edge, the next weight"),
    Key("move(0, -1)", "left,h", "← h", "cell", "select the cell to the left; beyond the edge, the weight before"),
    Key("move(1, 0)", "down,j", "↓ j", "cell", "select the cell below"),
    Key("move(-1, 0)", "up,k", "↑ k", "cell", "select the cell above"),
    Key("open", "enter", "↵", "reviews behind", "the reviews behind a cell that you may see, also by click", True),
    Key("weight(1)", "w", "w", "weight", "the confusion of the next weight", True),
    Key("weight(-1)", "W", "W", "weight", "the confusion of the weight before"),
    Key("section", "tab", "⇥", "next picture", "go to the next picture where not all fit the screen", True),
    Key("app.scores", "S", "S", "scores", "the leaderboard: judge, corrected score, interval, rank", True),
    Key("scroll(1)", "pagedown,space", "PgDn", "scroll", "scroll down"),
    Key("scroll(-1)", "pageup", "PgUp", "scroll", "scroll up"),
    Key("app.command_palette", "ctrl+p", "^p", "commands", "every command, by name"),
    Key("back", "q,escape", "q", "back", "back to where you were", True),
)

BEHIND = (
    Key("move(1)", "down,j", "↓ j", "review", "select the next review"),
    Key("move(-1)", "up,k", "↑ k", "review", "select the previous review"),
    Key("page(1)", "pagedown,space", "PgDn", "page", "a page down"),
    Key("page(-1)", "pageup", "PgUp", "page", "a page up"),
    Key("choose", "enter", "↵", "open", "open the selected review, also by click", True),
    Key("app.command_palette", "ctrl+p", "^p", "commands", "every command, by name"),
    Key("back", "q,escape", "q", "back", "back to where you were", True),
)

BROWSE = (
    Key("move(1)", "down,j", "↓ j", "row", "select the next row"),
    Key("move(-1)", "up,k", "↑ k", "row", "select the previous row"),
    Key("page(1)", "pagedown,space", "PgDn", "page", "a page down"),
    Key("page(-1)", "pageup", "PgUp", "page", "a page up"),
    Key("end(False)", "home,g", "g", "first", "go to the first row"),
    Key("end(True)", "end,G", "G", "last", "go to the last row"),
    Key("open", "enter", "↵", "review", "open the review there; q comes back to the row", True),
    Key("filter", "f,slash", "f /", "filter", "write the filter", True),
    Key("clear", "backspace", "⌫", "clear", "take the last word of the filter away"),
    Key("facet", "F", "F", "count", "count what is shown by a column; ↵ there adds a value to the filter", True),
    Key("sort", "s", "s", "sort", "sort by a column; the same again turns it round", True),
    Key("view", "V", "V", "views", "views that come along: unread replies, witness against judge, …", True),
    Key("unit", "U", "U", "unit", "a row is a response, a component, an item", True),
    Key("app.command_palette", "ctrl+p", "^p", "commands", "every command, by name"),
    Key("back", "q,escape", "q", "back", "back to where you were", True),
)

DIGITS = frozenset("0123456789")
_ONCE = ("full_marks", "commit", "agree_all", "reveal", "ungradable")
ONCE = frozenset(name for key in REVIEW if key.action in _ONCE for name in key.keys.split(","))
"""Keys that do their thing once, however long they are held down."""

SECTIONS = (
    ("review screen", REVIEW),
    ("scores", SCORES),
    ("agreement", AGREEMENT),
    ("reviews behind a number", BEHIND),
    ("browse", BROWSE),
)


def bindings(keys: tuple[Key, ...]) -> list[BindingType]:
    """Textual bindings of a table. A digit's action carries the digit; only the first of them is in the footer."""
    made: list[BindingType] = []
    for key in keys:
        if key.action == "app.command_palette":
            continue  # Textual binds it itself
        for number, name in enumerate(key.keys.split(",")):
            action = f"score({name})" if key.action == "score" else key.action
            made.append(Binding(name, action, key.label, show=key.show and number == 0, key_display=key.shown))
    return made


def keys_markdown() -> str:
    """The tables as docs/keys.md holds them."""
    lines = ["# Keys", "", "Made from `miareview/tui/keys.py`.", ""]
    for where, keys in SECTIONS:
        lines += [f"## On the {where}" if keys is REVIEW else f"## {where.capitalize()}", ""]
        lines += ["| keys | does |", "|---|---|", *(f"| `{key.shown}` | {key.help} |" for key in keys), ""]
    return "\n".join(lines)
