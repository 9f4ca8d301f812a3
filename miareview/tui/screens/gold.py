"""Gold: labels that people differ on, or that want another look, settled with a key each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

from textual.content import Content

from miareview.model import UNGRADABLE_REASONS, Component, points_text
from miareview.text import visible
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.look import heading
from miareview.tui.screens.closer import Reading
from miareview.tui.screens.dialogs import Choose, Line, Sure
from miareview.tui.screens.going import Points
from miareview.tui.screens.rules import Cite
from miareview.tui.screens.settles import SettlesScreen
from miareview.tui.widgets.evidence import EvidencePane

OWN = "You scored this component yourself. Settle it all the same? The label says so."


class GoldScreen(SettlesScreen):
    """A key that settles does it once however long it is held down, and what is typed behind it is dropped: a label is
    settled by nobody who has not seen it."""

    NAME = "gold"
    KEYS = {
        "Settle": (
            Key("take(1)", "h", "h", "R1", "the label is what R1 gave; on to the next", True, True),
            Key("take(2)", "l", "l", "R2", "the label is what R2 gave; on to the next", True, True),
            Key("score", "0,1,2,3,4,5,6,7,8,9", "0–9", "points", "the label is that many points", True, True),
            Key("half", "full_stop,plus", ". +", "½", "points with a half, written out", once=True),
            Key("ungradable", "x", "x", "ungradable", "it cannot be graded, and why", True, True),
            Key("keep", "K", "K", "keep", "it stays disputed: there is no label of it", once=True),
            Key("send_back", "b", "b", "send back", "a new blind round: disputed until it was scored again", once=True),
            Key("reopen", "backspace,delete", "⌫", "open", "what was settled, kept or sent back is open", once=True),
            Key("undo", "u", "u", "undo", "take back the last word of this sitting", True, True),
        ),
        "With it": (
            Key("rule", "R", "R", "rule", "cite a rule that the next word rests on, or write one", True),
            Key("note", "t", "t", "note", "words that travel with the label", True),
            Key("flag", "F", "F", "flag", "flag this response for discussion, or no longer", once=True),
            Key("judge", "r", "r", "judge", "show the judge last: asks first, and the label says so; again: its reply"),
        ),
        "Go": (
            Key("move(1)", "down,j", "↓ j", "next", "select the next label", True),
            Key("move(-1)", "up,k", "↑ k", "previous", "select the previous label"),
            Key("later", "s", "s", "later", "leave it for now: on to the next that is open"),
            Key("page(1)", "ctrl+d", "^d", "page", "a page of labels down"),
            Key("page(-1)", "ctrl+u", "^u", "page", "a page of labels up"),
            Key("pile", "w", "w", "which", "to settle, of one reader alone, put aside, settled", True),
            Key("category", "c", "c", "category", "only labels of this category, or of all again"),
            BACK,
        ),
        "Look": (
            Key("read", "Z", "Z", "read all", "instruction, response and what was said, on the whole screen", True),
            Key("guideline", "H", "H", "how", "how to score: the guideline, and the rules", True),
            Key("zoom", "z", "z", "picture", "the picture on the whole screen; + − and arrows there"),
            Key("open_picture", "o", "o", "open", "open the picture in the system's viewer"),
            Key("scroll(1)", "pagedown,space", "PgDn", "scroll", "scroll the response down"),
            Key("scroll(-1)", "pageup", "PgUp", "scroll", "scroll the response up"),
        ),
    }  # fmt: skip
    BINDINGS = bindings(KEYS)

    # settling

    async def action_take(self, place: int) -> None:
        seen = self.settling.seen
        if seen is None:
            return
        said = seen.evidence.said
        if place > len(said):
            self._refuse(f"There is no R{place} here.")
            return
        given = said[place - 1]
        await self._settle(given.points, given.why if given.points is None else None)

    async def action_score(self, digit: int) -> None:
        seen = self.settling.seen
        if seen is None:
            return
        component = seen.evidence.row.component
        if 0 < 10 * digit <= component.weight:  # it may be the first of two digits
            self._write_points(component, str(digit))
        else:
            await self._settle(Fraction(digit))

    def action_half(self) -> None:
        if self.settling.row is not None:
            self._write_points(self.settling.row.component, "")

    def _write_points(self, component: Component, begun: str) -> None:
        async def written(points: Fraction | None) -> None:
            if points is not None:
                await self._settle(points)

        self.app.push_screen(Points(component, begun), written)

    def action_ungradable(self) -> None:
        async def chosen(why: str | None) -> None:
            if why is not None:
                await self._settle(None, why)

        if self.settling.row is not None:
            self.app.push_screen(Choose("Why can this component not be graded?", UNGRADABLE_REASONS), chosen)

    async def _settle(self, points: Fraction | None, why: str | None = None) -> None:
        seen = self.settling.seen
        if seen is None:
            return
        row = seen.evidence.row
        what = f"{points_text(points)} of {row.component.weight}" if points is not None else f"ungradable, {why}"

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._say(lambda: self.settling.settle(points, why), f"settled: {what}, saved")

        if seen.evidence.own:
            self.app.push_screen(Sure(OWN), answered)
        else:
            await answered(True)

    async def action_keep(self) -> None:
        await self._say(self.settling.keep, "it stays disputed, saved")

    async def action_send_back(self) -> None:
        row = self.settling.row
        if row is not None:
            able = len(await asyncio.to_thread(self.settling.settler.blind_readers, row))
            told = f"sent back, saved; {able} of {len(row.label.people)} can score it again blind"
            await self._say(self.settling.send_back, told)

    async def action_reopen(self) -> None:
        if self.settling.row is not None:
            await self._ask(self.settling.reopen, "open again, saved")

    async def _say(self, act: Callable[[], None], told: str) -> None:
        """Say a word on the selected label, then go on to the next that is open."""
        row = self.settling.row
        if row is None:
            return
        on = False

        def said() -> bool:
            nonlocal on
            act()
            on = self.settling.go_on()
            return True

        where = f"item {row.item.index}, {row.component.position}"
        if await self._ask(said, f"{where}: {told} · u takes it back") and not on:
            self._tell(f"{where}: {told} · the last here, w others", "saved")

    async def action_undo(self) -> None:
        if await self._ask(self.settling.undo, "taken back, saved") is False:
            self._refuse("Nothing of this sitting is left to take back; ⌫ opens a label again.")

    # what goes with the word

    def action_rule(self) -> None:
        async def chosen(rule: int | str | None) -> None:
            if rule is not None:
                told = f"rule {rule} goes with it" if isinstance(rule, int) else "the rule is written, and goes with it"
                await self._ask(lambda: self.settling.cite(rule), told)

        if self.settling.seen is not None:
            self.app.push_screen(Cite(self.settling.seen.rules), chosen)

    def action_note(self) -> None:
        def written(text: str | None) -> None:
            if text is not None:
                self.settling.note = text.strip()
                self._tell("the note goes with the next word on this label" if self.settling.note else "")
                self._show()

        if self.settling.row is not None:
            self.app.push_screen(Line("A note that travels with the label", self.settling.note), written)

    async def action_flag(self) -> None:
        if self.settling.row is not None:
            flagged = await self._ask(self.settling.flag)
            if flagged is not None:
                self._tell("flagged, saved" if flagged else "your flag is gone, saved", "saved")

    async def action_judge(self) -> None:
        seen = self.settling.seen
        if seen is None:
            return

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._ask(self.settling.open_judge, "the judge is shown; labels settled from now on say so")

        if seen.judge_open:
            raw = seen.judgment.raw if seen.judgment else None
            self.app.push_screen(Reading(heading(" THE JUDGE'S REPLY"), raw or "(no reply)"))
        elif seen.evidence.judge_shown:
            await answered(True)
        else:
            self.app.push_screen(
                Sure("Show the judge? It is recorded, and this response's labels will say so."), answered
            )

    # looking

    def action_read(self) -> None:
        seen = self.settling.seen
        if seen is None:
            return
        row = seen.evidence.row
        parts = [("INSTRUCTION", row.item.instruction), ("COMPONENT", row.component.text),
                 ("RESPONSE", row.response.text or "(no text)")]  # fmt: skip
        parts += [(said.name, _said(said.points, said.why, said.words)) for said in seen.evidence.said]
        text = "\n\n".join(f"{name}\n{words}" for name, words in parts)
        label = f" ITEM {row.item.index} · {visible(row.sign, newlines=False)}"
        self.app.push_screen(Reading(Content.styled(label, "bold"), text))

    def action_guideline(self) -> None:
        self.doors.guideline()

    def action_scroll(self, pages: int) -> None:
        self.query_one(EvidencePane).scroll(pages)

    def action_back(self) -> None:
        self.dismiss(None)


def _said(points: Fraction | None, why: str, words: str) -> str:
    given = f"ungradable: {why}" if points is None else points_text(points)
    return f"{given}{f' · {words}' if words else ''}"
