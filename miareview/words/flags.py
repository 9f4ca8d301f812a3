"""A sentence for every code: what to keep in mind of a number, and why there is none."""

from __future__ import annotations

from miareview.stats.flags import Flag
from miareview.words.labels import relabelled_line, told
from miareview.words.left_out import REASONS
from miareview.words.numbers import count, number


def say(flag: Flag) -> str:
    """The flag as one sentence. Raises KeyError on a code that nobody has words for."""
    n, of = flag.n or 0, flag.of or 0
    names = flag.names
    first = names[0] if names else ""
    match flag.code:
        case "gap":
            they, them = ("it", "it") if n == 1 else ("they", "them")
            return (
                f"{count(n, 'response')} of the {of} in the sample {_is(n)} not scored whole; the interval holds"
                f" whatever {they} would get. Commit {them} to narrow the interval: the queue leads to {them}."
            )
        case "incomplete":
            return (
                f"{count(n, 'sampled response')} of {of} lack a score for some component; what is missing is bounded."
            )
        case "few_disagreements":
            return f"Few disagreements: {n} in {of} reviews; rare ones may have been missed."
        case "guard":
            return (
                f"{n} of {of} reviews had an error of half the points or more; up to {flag.value:.0f} such items may"
                " be among those not reviewed."
            )
        case "judge_missing":
            return f"The judge has no value for {n} of {of}; its mean stands in, which adds width but no bias."
        case "judge_empty":
            return "The judge has no value here, so there is nothing to correct."
        case "judge_constant":
            return "The judge gave everything reviewed the same score, so it is given no weight."
        case "judge_seen":
            what = first or "sampled responses"
            return f"{n} of the {of} {what} were scored with the judge's score in sight; the correction inherits that."
        case "ungradable":
            return f"{count(n, 'component')} of the sample {_is(n)} ungradable and left out of the human scores."
        case "moved":
            return "The estimate fell outside what the reviews leave possible and was moved to the limit."
        case "one_sided":
            return f"{count(n, 'item')} {_is(n)} reviewed for one of the two models only and not used."
        case "few":
            return f"Few: {n} of {of} items are reviewed; the interval is a rough one."
        case "few_items":
            return f"Only {n} of the {of} items concerned are reviewed; below {flag.value:.0f} no interval is honest."
        case "too_few":
            return f"A corrected score needs at least {of} reviewed at random; there {_is(n)} {n}."
        case "pilot":
            return _pilot(flag)
        case "confounded":
            return _confounded(flag)
        case "unequal_answers":
            return (
                f"{count(n, 'item')} of {of} {_is(n)} answered by some and not by others: pairs and ranks are of the"
                " items that both answered."
            )
        case "bias_alike":
            return f"Nothing shows that the judge's bias differs between models (Cochran's Q, p = {_p(flag.value)})."
        case "bias_differs":
            out = f"; standing out: {', '.join(names)}" if names else ""
            return f"The judge's bias differs between models (Cochran's Q, p = {_p(flag.value)}){out}."
        case "stands_out":
            return "The judge's bias for this model is not that for the others: its pooled score leans to theirs."
        case "pooled_seeds":
            return f"{n} random queues are one sample here: {', '.join(names)}."
        case "peeked":
            return (
                f"Somebody looked at numbers {count(n, 'time')} before being done, after {', '.join(names)} responses."
            )
        case "second_judge":
            return (
                f"{', '.join(names)} judged too, and {_is(n)} not in these numbers: miareview judge compare holds them"
                " side by side, miareview judge use NAME takes another one."
            )
        case "standing":
            mean = f"; of {of} disputed ones the mean stands" if of else ""
            return f"Of the random sample {count(n, 'component')} have a label: {told(*map(int, names))}{mean}."
        case "relabelled":
            return relabelled_line(n)
        case "not_random":
            return (
                f"its {count(n, 'reviewed response')} {'was' if n == 1 else 'were'} not drawn at random; create a"
                " random queue (miareview queue create) and review it in its order."
            )
        case "not_reviewed":
            return "none of it is reviewed; create a random queue (miareview queue create) and review it in its order."
        case "sample_unusable":
            return _UNUSABLE[first].format(queue=names[1], n=n)
        case "frame_changed":
            return f"the queue {first} was drawn from {of} responses, but there are {n} now; draw a new queue."
        case "nothing_common":
            return f"{' and '.join(names)} have no item in common."
    return _of_agreement(flag)


def _of_agreement(flag: Flag) -> str:
    """Why an agreement has no number or no interval, as the end of a sentence; and what to keep in mind of it."""
    n, of, value = flag.n or 0, flag.of or 0, flag.value
    match flag.code:
        case "no_pairs":
            return "undefined (no unit has two ratings)"
        case "constant":
            return f"undefined (all {n} ratings are {value:.6g})"
        case "one_item":
            return "no interval (all ratings are of one item)"
        case "no_disagreement":
            return "no interval (no disagreement was seen, so nothing says how rare it is)"
        case "undefined_resamples":
            return f"no interval (it hangs on few items: undefined in {n} of {of} resamples)"
        case "nothing_both":
            return "nothing was scored by both"
        case "one_response":
            return "only one response was scored by both"
        case "all_same":
            return "undefined (all scores are the same)"
        case "one_mark":
            return (
                f"{100 * n / of:.0f} % of the marks are {value:.3g}: alpha and kappa hang on the few others; look at"
                " exact agreement and AC1."
            )
        case "paradox":
            return (
                f"{100 * n / of:.0f} % of the pairs are equal, yet alpha is {number(value, digits=2)}: it hangs on few"
                " marks; look at exact agreement and AC1."
            )
        case "few_reviewers":
            return f"needs {of} reviewers with {value:.0f} items scored completely by each; there {_is(n)} {n}"
        case "all_reviewed":
            return "all of its items are reviewed, so it needs no plan"
        case "nothing_shared":
            return "a reviewer shares fewer than two responses with the judge and another reviewer"
        case "few_both":
            return f"needs {of} items that both runs scored, there {_is(n)} {n}"
        case "few_shared_items":
            return f"needs {of} items that people and both judges scored; there {_is(n)} {n}"
        case "second_few":
            (stratum,) = flag.names
            return f"{n} of {of} responses {STRATA[stratum]} are read a second time; a rate needs {value:.0f}."
        case "second_empty":
            return "There is no component to count."
        case "second_changed":
            return f"{n} of its responses were answered anew or taken back since; draw a new queue."
    return REASONS[flag.code]


STRATA = {"differs": "whose first reader and judge differ", "rest": "of the rest"}
"""How sentences call the strata of a queue of second readings."""


def refusal(model: str, flag: Flag) -> str:
    """Why a model has no corrected score, with its name."""
    return f"No corrected score for {model}: {say(flag)}"


_UNUSABLE = {
    "in_order": "the queue {queue} is in the benchmark's order, so its first {n} are no random sample.",
    "chosen": "the queue {queue} was not drawn at random, so it stands for nothing but itself.",
    "changed": "the queue {queue} was drawn from other responses than there are now; draw it anew with its seed.",
    "too_little": "of the queue {queue} too little is committed; go on from its first response.",
}


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def _p(value: float | None) -> str:
    return "< 0.001" if value is not None and value < 0.001 else number(value)


def _pilot(flag: Flag) -> str:
    """Of one model or pair; with names, of a table that has such models."""
    if flag.names:
        who = ", ".join(flag.names) if len(flag.names) < 4 else f"{len(flag.names)} models"
        return f"A pilot: {who}: fewer than {flag.of} items are reviewed, and nothing is said of an order."
    return f"A pilot: {count(flag.n or 0, 'item')} {_is(flag.n or 0)} reviewed, and below {flag.of} nothing is settled."


def _confounded(flag: Flag) -> str:
    if len(flag.names) < 2:
        return (
            f"Its reviewers are not those of {flag.n} of {flag.of} other models: a difference may be that of the"
            " people. Let the same people review both."
        )
    a, b = flag.names
    if flag.value is None:
        return f"{a} and {b} were scored by different people, so their difference may be that of the people."
    return f"{a} and {b} were scored in unlike shares by their reviewers: compared where the same people scored both."


def say_kind(flag: Flag) -> str:
    """The flag without its counts, so that the many cells of a table can share one sentence."""
    match flag.code:
        case "judge_missing":
            return "The judge has no value for some; its mean stands in, which adds width but no bias."
        case "few_disagreements":
            return "Few disagreements were seen; rare ones may have been missed."
        case "few_items":
            return "Too few of the items concerned are reviewed for an honest interval."
        case "gap":
            return "Some of the sample is not scored whole; the interval holds whatever it would get."
        case "confounded":
            return "scored by different people, so their difference may be that of the people."
        case "judge_seen":
            return "Some were scored with the judge's score in sight; the correction inherits that."
    return say(flag)
