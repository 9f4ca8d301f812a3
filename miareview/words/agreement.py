"""What is said of agreement: how far people agree, and the most that a judge can reach with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miareview.stats.agreement.ceiling import FEW_ITEMS, most_reachable
from miareview.words.flags import say
from miareview.words.numbers import count, interval, number

if TYPE_CHECKING:
    from miareview.stats.agreement.ceiling import Alternative
    from miareview.stats.agreement.group import Group

TOO_FEW_TWICE = (
    "No component was scored blind by two people, so it is not known how far people agree among themselves, and"
    " no α of the judge can be read against it."
)


def read_by_two(people: Group | None) -> str:
    """That too few items were read by two people, and what follows."""
    if people is None:
        return TOO_FEW_TWICE
    return (
        f"Two people have read {count(people.items, 'item')}, fewer than {FEW_ITEMS}: how far people agree is a rough"
        " figure."
    )


def gaps_line(responses: int) -> str:
    """That responses of the random samples are not scored whole."""
    are = "is" if responses == 1 else "are"
    return f"{count(responses, 'response')} of the random samples {are} not scored whole."


def reach(people: Group) -> str:
    """The ceiling in a sentence: how far people agree, and what the best judge would reach."""
    found = people.alpha["interval"]
    who = count(len(people.raters), "person", "people")
    on = f"{count(people.units, 'component')} of {count(people.items, 'item')}"
    if found.value is None:
        return f"{who} scored {on} independently; α among them: {say(found.why) if found.why else 'undefined'}."
    ends = f" {interval(found.low, found.high)}".rstrip()
    most = most_reachable(found.value)
    if most is None:
        return (
            f"{who} scored {on} independently; α among them is {number(found.value)}{ends}: they agree no more than by"
            " chance, so no judge can be measured by them."
        )
    return (
        f"{who} scored {on} independently; α among them is {number(found.value)}{ends}. People err too, so even the"
        f" best judge could not reach more than √α = {number(most)} with them."
    )


def ceiling(people: Group) -> str:
    """The ceiling in a line; "" where people agree no more than by chance, or not at all."""
    most = most_reachable(people.alpha["interval"].value)
    return "" if most is None else f"people err too: the best judge could reach √α = {number(most, digits=2)} with them"


def stands_in(found: Alternative) -> str:
    """The alternative annotator test in a sentence; "" where there is none."""
    if found.winning_rate is None:
        return ""
    may = "may" if found.passed else "may not"
    return (
        f"The judge {may} stand in for one of {', '.join(found.reviewers)}: winning rate {number(found.winning_rate)}"
        f" (0.5 passes), advantage {number(found.advantage)}, ε {found.epsilon:g}"
    )
