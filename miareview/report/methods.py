"""The sections at the end: how each number was made, what was left out and why, and what the report is tied to."""

from __future__ import annotations

from miareview.report.contents import Audit
from miareview.report.document import Block, Cell, Points, Prose, Section, Table
from miareview.report.headline import judge_name
from miareview.report.scores import refusal
from miareview.stats.correction import FLAGGED_ITEMS, REFUSED_ITEMS
from miareview.stats.correction.estimate import FEW_DISAGREEMENTS, GUARD, TUNED_FROM
from miareview.words.board import to_keep_in_mind
from miareview.words.flags import say
from miareview.words.left_out import REASONS
from miareview.words.numbers import NONE, count, number


def methods_section(audit: Audit) -> Section:
    """Every formula in a sentence, and the settings of every estimate."""
    blocks: list[Block] = [Points((*_scored(audit), *_corrected(audit), *_agreement(audit)))]
    rows = []
    for model in audit.board.models:
        fixed = model.corrected
        if fixed is None:
            continue
        found, sample = fixed.estimate, fixed.sample
        rows.append(
            (
                Cell(model.model),
                Cell(found.method),
                Cell(found.target),
                Cell(sample.queue),
                Cell(f"{sample.design}, seed {sample.seed}"),
                Cell(f"{found.n} of {found.total}"),
                Cell(number(1 - found.n / found.total)),
                Cell(number(found.lam)),
                Cell(f"{found.df:.4g}"),
                Cell(number(found.se * fixed.scale)),
            )
        )
    if rows:
        blocks.append(
            Table(
                "How each corrected model score was estimated.",
                ("model", "method", "target", "queue", "design", "n of N", "1 − n/N", "λ", "df", "SE"),
                tuple(rows),
                left=5,
            )
        )
    return Section("methods", "Methods", tuple(blocks))


def _scored(audit: Audit) -> tuple[tuple[str, str], ...]:
    zero = "count as 0 for judge and people: known without review, they scale every estimate and its ends"
    return (
        (
            "Item score.",
            "Σ points / Σ weights over the components of a response, given only where every component has an explicit"
            " value. A component that people found ungradable leaves both sums. A missing score is missing, never 0.",
        ),
        (
            "No answer.",
            "Responses that are an error, empty or missing"
            f" {zero if audit.board.errors == 'zero' else 'are left out'}.",
        ),
        (
            "Human score.",
            "Gold first, then the mean of all blind scores, then, flagged, the mean of the scores given with the"
            " judge in"
            " sight.",
        ),
        (
            "Category score.",
            "Mean of points / weight over all components of the category, each component once. For a difficulty, the"
            " mean"
            " item score.",
        ),
    )


def _corrected(audit: Audit) -> tuple[tuple[str, str], ...]:
    board = audit.board
    return (
        (
            "Corrected score.",
            "λ · mean(f) over all N answers + mean(y − λ f) over the n reviewed ones, with y the human and f the judge."
            " SE² = (1 − n/N) · s² / n, with s² the variance of y − λ f and 1 − n/N the finite-population correction."
            f" Below {TUNED_FROM} reviews λ = 1 (difference estimator, Student's t with n − 1 degrees of freedom); from"
            f" {TUNED_FROM} on λ is the slope of y on f, kept within 0 and 1 (regression estimator, t with n − 2)."
            " Cochran 1977, ch. 7.",
        ),
        (
            "Corrected category score.",
            "The same with λ = 1, over components; residuals are summed by item first, and n, N and the degrees of"
            f" freedom count items. Refused below {REFUSED_ITEMS} reviewed items, flagged below {FLAGGED_ITEMS}, exact"
            " where all are reviewed.",
        ),
        (
            "Paired difference of two models.",
            "The same on the item differences y_A − y_B and f_A − f_B, because models share the hard items.",
        ),
        (
            "Guard.",
            f"Pseudo-residuals, {GUARD:g} above and below the mean, enter the variance and leave the estimate alone,"
            " because a small sample may hold none of the judge's rare errors. There are 3.2 of them where no"
            f" disagreement was seen, two up to {FEW_DISAGREEMENTS}, and"
            f" 2 · ({FEW_DISAGREEMENTS} / k)³ from k = {FEW_DISAGREEMENTS} disagreements on.",
        ),
        (
            "Limits.",
            "Unreviewed answers score between 0 and 1; intervals are cut there, and an estimate outside is moved to the"
            f" limit and says so. Fewer than {FEW_DISAGREEMENTS} disagreements in a sample are flagged. Where the"
            f" judge's"
            " reply could not be read, the mean of its other values stands in.",
        ),
        (
            "Target.",
            "“benchmark” is these answers to these items; reviewed in full, the score is exact. The intervals do not"
            " speak"
            " of other items or other runs of the models. All are 95 %, each for itself.",
        ),
        (
            "Sample.",
            "The first responses of a random queue, model by model, up to the place that the pattern of commits"
            " makes best, whatever the scores. What is not committed there may be anything from 0 to 1, and the"
            " interval holds all of that. Queues of several seeds are one random sample. Reviews chosen by hand enter"
            " “with overrides” only.",
        ),
        (
            "All pairs at once.",
            f"From {board.replicates:,} joint draws of the sampled items (seed {board.seed}), the same items for all"
            " models: the 95 % point of the largest |t| over all pairs decides which pairs are turned, and which ranks"
            " are possible.",
        ),
        (
            "However often you look.",
            "A pair is settled where an interval that holds at every number of reviews (normal mixture, Robbins 1970,"
            " in the time n / (N − n), for all pairs) has no zero, from 15 items on.",
        ),
        (
            "Pooled scores.",
            "bias = β₀ + β₁ · judge's score + u, with the sampling covariance of the biases known (Fay and Herriot"
            " 1979), over a grid of sd(u). One favoured model among alike ones is"
            " pulled towards the others, so they stand beside the corrected scores.",
        ),
    )


def _agreement(audit: Audit) -> tuple[tuple[str, str], ...]:
    return (
        (
            "Krippendorff's α.",
            "1 − observed / expected disagreement on points / weight, by the krippendorff library; interval level is"
            " the"
            " main one. Each reviewer's blind score of a component is one unit with two ratings, the judge's and"
            " theirs."
            f" {_resampling(audit)}",
        ),
        (
            "κ, AC1.",
            "Cohen's κ with quadratic weights, 1 − Σ w p_ij / Σ w p_i. p_.j, of several people Conger's; Gwet's AC1"
            " with all whole points of the weights as possible values, of several people his for many raters.",
        ),
        (
            "Bias and its kin.",
            "Mean of judge − human; interval by leaving out one item at a time, Student's t. MAE is the mean absolute"
            " difference; exact, the share of equal fractions; within one point, the share at most one point of the"
            " weight"
            " apart.",
        ),
        (
            "Limits of agreement.",
            "Mean difference ∓ 1.96 standard deviations of item scores (Bland and Altman 1986), over responses scored"
            " blind.",
        ),
    )


def _resampling(audit: Audit) -> str:
    if not any(group.alpha["interval"].low is not None for group in audit.agreement.groups):
        return ""
    return (
        "Interval: leaving out one item at a time, with Student's t on Fisher's z; none is given where α is undefined"
        " without one of the items."
    )


def left_out_section(audit: Audit) -> Section:
    """Every refusal, flag and count of what did not enter a number; flags of categories stand under their table."""
    blocks: list[Block] = []
    refused = _by_sentence([(m.model, refusal(m)) for m in audit.board.models if m.refused])
    refused += _by_sentence(
        [(f"{m.model} {c.category}", f"Refused: {say(c.refused)}") for m in audit.board.models if not m.refused
         for c in m.categories if c.refused]
    )  # fmt: skip
    refused += _by_sentence(
        [(f"{p.a} and {p.b}", f"Not compared: {say(p.refused)}") for p in audit.board.pairs if p.refused]
    )
    flags = _by_sentence(to_keep_in_mind(audit.board))
    undefined = _by_sentence(
        [(", ".join(g.by.values()) or "all", f"α {say(why)}.") for g in audit.agreement.groups
         if (why := g.alpha["interval"].why)]
    )  # fmt: skip
    for title, points in (("Refused", refused), ("To keep in mind", flags), ("Agreement not given", undefined)):
        if points:
            blocks += [Prose("", lead=title), Points(tuple(points))]
    counts = [
        *((f"responses with status {status}", amount) for status, amount in audit.responses if status != "ok"),
        *((f"judge replies read as {status}", amount) for status, amount in audit.replies if status != "ok"),
        *((f"judge replies with the warning {name}", amount) for name, amount in audit.warnings),
        *(
            (REASONS[code], amount)
            for code, amount in dict.fromkeys((*audit.board.left_out, *audit.agreement.left_out))
        ),
    ]
    if counts:
        rows = tuple((Cell(reason), Cell(f"{amount:,}")) for reason, amount in counts)
        blocks.append(Table("What did not enter as it stood, and how often.", ("what", "count"), rows))
    if not blocks:
        blocks.append(Prose("Nothing was refused, flagged or left out."))
    return Section("left-out", "Left out, and why", tuple(blocks))


def _by_sentence(said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """One point a sentence, led by all that it is said of."""
    names: dict[str, list[str]] = {}
    for name, sentence in said:
        names.setdefault(sentence, []).append(name)
    return [(f"{', '.join(found)}:", sentence) for sentence, found in names.items()]


def provenance_section(audit: Audit) -> Section:
    """Judge, queues, reviewers and ledger: what ties the report to a database."""
    judge = audit.judge
    sees = {True: "yes", False: "no", None: "not known"}[judge.sees_image if judge else None]
    checked = audit.check
    points = [
        ("Made", f"{audit.made} by miareview {audit.version}, from {audit.database} (schema {audit.schema})."),
        ("Judge", f"{judge_name(audit)}; prompt {(judge.prompt if judge else '') or 'not recorded'}; parameters"
         f" {judge.parameters if judge else '{}'}; sees the image: {sees}."),
        ("Guideline version", ", ".join(audit.guidelines) or "none yet"),
        ("Versions that wrote the ledger", ", ".join(audit.apps) or "none yet"),
        ("Ledger", f"{count(checked.events, 'event')} in {count(checked.chains, 'chain')}; "
         + ("check passed: chains, references, file and replay." if checked.ok else
            f"check FAILED with {count(len(checked.problems), 'problem')}; do not rely on this report.")),
    ]  # fmt: skip
    blocks: list[Block] = [Points(tuple(points))]
    if checked.problems:
        blocks.append(Points(tuple((f"{where}:", what) for where, what in checked.problems)))
    if audit.reviewers:
        blocks.append(
            Table(
                "Reviewers. Responses and scores are of this benchmark and committed; events are of the whole ledger.",
                ("reviewer", "responses", "blind scores", "assisted scores", "events"),
                tuple(
                    (
                        Cell(r.name),
                        Cell(str(r.responses)),
                        Cell(str(r.blind)),
                        Cell(str(r.assisted)),
                        Cell(str(r.events)),
                    )
                    for r in audit.reviewers
                ),
            )
        )
    if audit.queues:
        blocks.append(
            Table(
                "Queues of this benchmark.",
                ("queue", "design", "sight", "made", "seed", "items", "committed"),
                tuple(
                    (
                        Cell(use.queue.name),
                        Cell(use.queue.design),
                        Cell("blind" if use.queue.blind else "open"),
                        Cell(use.queue.made[:10] or NONE),
                        Cell(str(use.queue.seed)),
                        Cell(f"{use.queue.size} of {use.queue.frame_size}"),
                        Cell(f"{use.committed} of {len(use.queue.rows)}"),
                    )
                    for use in audit.queues
                ),
                left=4,
                notes=("items: drawn, of those with an answer when the queue was made. committed: responses.",),
            )
        )
    if audit.early:
        blocks.append(_early(audit))
    if audit.chains:
        blocks.append(
            Table(
                "Ends of the ledger's chains: a database that this report is of holds these hashes.",
                ("device", "last event", "hash", "events"),
                tuple((Cell(c.device), Cell(c.last_at), Cell(c.last_hash), Cell(str(c.events))) for c in audit.chains),
                left=3,
            )
        )
    return Section("provenance", "What this report is tied to", tuple(blocks))


def _early(audit: Audit) -> Table:
    return Table(
        "Opened early: numbers that a reviewer looked at in the middle of a blind queue of theirs.",
        ("reviewer", "queue", "opened", "first after", "times"),
        tuple(
            (
                Cell(look.reviewer),
                Cell(look.queue),
                Cell(look.opened),
                Cell(count(look.committed, "response")),
                Cell(str(look.times)),
            )
            for look in audit.early
        ),
        left=3,
        notes=(
            "first after: responses of the queue they had committed; scores from there on may lean on what they saw.",
        ),
    )
