"""Which of the verdicts in a reply counts, or that none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, product

from miareview.judge.verdicts.names import Names
from miareview.judge.verdicts.record import Said, Verdict

# Judges round what they add up; less than this apart is the same sum.
ROUNDING = Fraction(1, 20)
_MOST_WAYS = 300


@dataclass(slots=True)
class Choice:
    """The scores that count, by component number, their total, and what is doubtful about them (names of warnings)."""

    said: dict[int, Said] = field(default_factory=dict)
    total: Said | None = None
    doubts: set[str] = field(default_factory=set)
    form: str = ""


def choose(verdicts: Sequence[Verdict], names: Names, totals: Sequence[Said] = ()) -> Choice:
    """The last complete verdict that is no draft, or what the incomplete ones give together.

    `totals` are those that the text states, for verdicts that have none of their own.
    """
    from_one = [_from_one(verdict, len(names.weights)) for verdict in verdicts]
    doubts = {doubt for verdict in from_one if not verdict.said for doubt in verdict.doubts}
    found = sorted((one for one in from_one if one.said), key=lambda one: one.start)
    perhaps_weights = [one for one in found if _could_be_weights(one, names)]
    if perhaps_weights and perhaps_weights[-1] is found[-1] and found[-1].standing == "final":
        perhaps_weights.pop()  # what is called corrected behind everything else is no rubric
    if perhaps_weights:
        doubts.add("weights_or_scores")
    usable = [verdict for verdict in found if verdict not in perhaps_weights]
    spoken = [verdict for verdict in usable if verdict.standing != "draft"]
    complete = [verdict for verdict in spoken if _complete(verdict, names)]
    if complete:
        chosen = _of_complete(complete, usable, names)
        chosen.doubts |= _doubts_behind(chosen, perhaps_weights, from_one, names)
    elif spoken:
        chosen = _together(spoken, names)
    else:
        return Choice(doubts=doubts)
    if chosen.total is None and chosen.form != "lines":
        others = [one.total.span for one in complete if one.total and _differs(one, chosen, names)]
        chosen.total = next((total for total in reversed(totals) if total.span not in others), None)
    _settle(chosen, names)
    return chosen


def _from_one(verdict: Verdict, count: int) -> Verdict:
    """The verdict with its components numbered from 1."""
    if 0 in verdict.said and set(verdict.said) == set(range(count)):
        return replace(verdict, said={number + 1: said for number, said in verdict.said.items()})
    return verdict


def _could_be_weights(verdict: Verdict, names: Names) -> bool:
    """Whether all that is said could as well be what each component is worth."""
    if verdict.called_scores or verdict.form == "object":
        return False
    if verdict.total is not None and verdict.total.amount.of is not None:
        return False
    return all(
        said.amount.of is None and said.amount.points == names.weights[number - 1]
        for number, said in verdict.said.items()
        if 1 <= number <= len(names.weights)
    )


def _complete(verdict: Verdict, names: Names) -> bool:
    return all(number in verdict.said for number in range(1, len(names.weights) + 1))


def _values(verdict: Verdict | Choice, names: Names) -> list[Fraction | None]:
    return [
        verdict.said[number].amount.out_of(weight) if number in verdict.said else None
        for number, weight in enumerate(names.weights, start=1)
    ]


def _differs(one: Verdict, chosen: Verdict | Choice, names: Names) -> bool:
    """Whether two whole verdicts say different things: of the components, or as their totals."""
    if _values(one, names) != _values(chosen, names):
        return True
    if one.total is None or chosen.total is None or one.total.amount.points == chosen.total.amount.points:
        return False
    whole = sum(names.weights)
    mine, theirs = one.total.amount.share(whole), chosen.total.amount.share(whole)
    return mine is None or theirs is None or abs(mine - theirs) * whole >= ROUNDING


def _says_else(part: Verdict, main: Verdict, names: Names) -> bool:
    """Whether what stands before a whole verdict scores some component otherwise."""
    if part.start >= main.start or part.standing == "draft" or _complete(part, names):
        return False
    pairs = zip(_values(part, names), _values(main, names), strict=True)
    return any(said is not None and said != other for said, other in pairs)


def _doubts_behind(chosen: Choice, perhaps_weights: list[Verdict], verdicts: list[Verdict], names: Names) -> set[str]:
    """What stands behind the scores that count, cannot be read for sure, and says something else."""
    end = max((said.span[1] for said in chosen.said.values()), default=0)
    doubts = set()
    for one in perhaps_weights:
        behind = one.start >= end and one.standing != "draft"
        if behind and _complete(one, names) and _differs(one, chosen, names):
            doubts.add("weights_or_scores")
    for one in verdicts:
        total = one.total
        if one.said or total is None or one.standing == "draft" or total.amount.of != sum(names.weights):
            continue
        if one.start >= end and not adds_up(chosen.said, total, names):  # a total alone, of scores that were not read
            doubts.add("several_verdicts")
    return doubts


def _of_complete(complete: list[Verdict], usable: list[Verdict], names: Names) -> Choice:
    finals = [verdict for verdict in complete if verdict.standing == "final"]
    main = (finals or complete)[-1]
    values = _values(main, names)
    differ = [verdict for verdict in usable if _complete(verdict, names) and _differs(verdict, main, names)]
    choice = Choice(dict(main.said), main.total, set(main.doubts), main.form)
    if differ:
        objects = all(verdict.form == "object" for verdict in [main, *differ])
        choice.doubts.add("several_objects" if objects else "several_verdicts")
    if any(verdict.form == "object" and _says_else(verdict, main, names) for verdict in usable):
        choice.doubts.add("several_verdicts")  # objects that score one component each
    if choice.total is None:
        choice.total = next((one.total for one in complete if one.total and _values(one, names) == values), None)
    for verdict in usable:
        if (
            verdict.start >= main.end
            and (verdict.standing != "draft" or verdict.form == "object")
            and not _complete(verdict, names)
        ):
            _amend(choice, verdict, names)
    if choice.form == "lines" and not finals and not adds_up(choice.said, choice.total, names):
        _without_loops(choice, usable, names)
    return choice


def _without_loops(choice: Choice, usable: list[Verdict], names: Names) -> None:
    """Takes away what is said in three ways or more: nobody can tell which is meant."""
    for number in list(choice.said):
        weight = names.weights[number - 1] if 1 <= number <= len(names.weights) else 1
        values = {
            verdict.said[number].amount.share(weight)
            for verdict in usable
            if number in verdict.said
            and verdict.form == "lines"
            and verdict.standing != "draft"
            and not verdict.in_reasons
        }
        if len(values) > 2:
            del choice.said[number]


def _amend(choice: Choice, later: Verdict, names: Names) -> None:
    """What is said again of single components, behind a complete verdict."""
    if choice.total is None and later.form == choice.form == "lines":
        choice.total = later.total
    for number, said in later.said.items():
        first = choice.said.get(number)
        if first is None or not 1 <= number <= len(names.weights) or first.amount == said.amount:
            continue
        if later.form == "object":
            choice.doubts.add("several_objects")
            continue
        if later.standing == "final":
            choice.said[number] = said
            choice.doubts.add("several_verdicts")
            if later.total:
                choice.total = later.total
        elif not (later.in_reasons and adds_up(choice.said, choice.total, names)):
            choice.said[number] = replace(first, others=(*first.others, said))
            choice.doubts.add("repeated_component")


def _together(spoken: list[Verdict], names: Names) -> Choice:
    """Verdicts that each leave something out, as one; what is said later counts."""
    forms = {verdict.form for verdict in spoken}
    if len(forms) > 1:  # the form that says most
        by_form = {
            form: {number for one in spoken if one.form == form for number in one.said} for form in sorted(forms)
        }
        most = max(by_form, key=lambda form: (sum(1 <= number <= len(names.weights) for number in by_form[form]), form))
        spoken = [verdict for verdict in spoken if verdict.form == most]
    choice = Choice(form=spoken[0].form)
    different: dict[int, set[Fraction | None]] = {}
    for verdict in spoken:
        choice.doubts |= verdict.doubts
        choice.total = verdict.total or choice.total
        for number, said in verdict.said.items():
            weight = names.weights[number - 1] if 1 <= number <= len(names.weights) else 1
            values = different.setdefault(number, set())
            values.add(said.amount.share(weight))
            choice.said[number] = said
    for number, values in different.items():
        if len(values) > 1:
            choice.doubts.add("repeated_component")
        if len(values) > 2:
            del choice.said[number]
    return choice


def _settle(choice: Choice, names: Names) -> None:
    """Where a statement could have meant another number, the total says which; else it stays doubtful."""
    if adds_up(choice.said, choice.total, names) and choice.form == "table":
        choice.doubts.discard("weights_or_scores")
    doubtful = {number: said for number, said in choice.said.items() if said.others}
    if not doubtful:
        return
    if adds_up(choice.said, choice.total, names):
        return
    choice.doubts.add("several_verdicts")
    ways = product(*([said, *said.others] for said in doubtful.values()))
    fitting = [
        way
        for way in islice(ways, _MOST_WAYS)
        if adds_up(choice.said | dict(zip(doubtful, way, strict=True)), choice.total, names)
    ]
    if len(fitting) == 1:
        choice.said = choice.said | dict(zip(doubtful, fitting[0], strict=True))


def adds_up(said: dict[int, Said], total: Said | None, names: Names) -> bool:
    """Whether the total is the sum of the points, or the same fraction."""
    if total is None or not sum(names.weights):
        return False
    read = Fraction(0)
    for number, weight in enumerate(names.weights, start=1):
        points = said[number].amount.out_of(weight) if number in said else None
        if points is None:
            return False
        read += points
    stated, of = total.amount.points, total.amount.of
    return abs(stated - read) < ROUNDING or bool(
        of and of > 0 and abs(stated / of * sum(names.weights) - read) < ROUNDING
    )
