"""The review screen: composes the panes, shows what may be seen, and moves about."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from textual.app import ComposeResult
from textual.widgets import Static

from miareview.model import Item
from miareview.review.places import Place, places
from miareview.review.session import ReviewSession
from miareview.review.sight import View
from miareview.store.place import network_note
from miareview.tui.doors import Doors
from miareview.tui.keyboard import Keyboard
from miareview.tui.keys import Key, bindings
from miareview.tui.pictures import Pictures
from miareview.tui.screens.closer import Reading, reading_title
from miareview.tui.screens.dialogs import Search
from miareview.tui.screens.going import Go
from miareview.tui.screens.pictured import Pictured
from miareview.tui.screens.words import WordsScreen
from miareview.tui.widgets.bench import Bench
from miareview.tui.widgets.footer import Footer
from miareview.tui.widgets.score_table import ScoreTable
from miareview.tui.widgets.texts import ReasonsPane, ResponsePane

COMMIT = "commit this review and go on; where the judge is shown, press again"


KEYS = {
    "Score": (
        Key("next_component", "down,j", "↓ j", "component", "select the next component"),
        Key("previous_component", "up,k", "↑ k", "component", "select the previous component"),
        Key("score", "0,1,2,3,4,5,6,7,8,9", "0–9", "score", "give that many points and go to the next component", True),
        Key("half(1)", "full_stop,plus", ". +", "½ up", "half a point up"),
        Key("half(-1)", "minus", "-", "½ down", "half a point down"),
        Key("full_marks", "f", "f", "full", "full marks on all components that have no score yet", True, once=True),
        Key("ungradable", "x", "x", "ungradable", "this component cannot be graded, and why", once=True),
        Key("clear", "backspace,delete", "⌫", "clear", "take the score of this component away"),
        Key("undo", "u", "u", "undo", "undo the last word here, or open the last commit if its judge is hidden", True),
        Key("redo", "ctrl+r", "^r", "redo", "redo what was undone"),
        Key("commit", "enter", "↵", "commit", COMMIT, True, once=True),
    ),
    "The judge": (
        Key("reveal", "r", "r", "reveal", "show the judge's scores; asks first, and is recorded", True, once=True),
        Key("agree", "a", "a", "agree", "agree with the judge on this component, where it is shown"),
        Key("agree_all", "A", "A", "agree all", "agree with the judge on all that have no score yet", once=True),
        Key("reason", "t", "t", "reason", "say why the judge is wrong on this component"),
        Key("scroll_reasons(1)", "J,right_square_bracket", "]", "scroll", "scroll the judge's reasons down"),
        Key("scroll_reasons(-1)", "K,left_square_bracket", "[", "scroll", "scroll the judge's reasons up"),
    ),
    "Note": (
        Key("comment", "c", "c", "note", "write a comment on this response", True),
        Key("flag", "F", "F", "flag", "flag this response for discussion"),
        Key("skip", "s", "s", "skip", "skip this response for now"),
    ),
    "Go": (
        Key("next_item", "n,right,l", "n", "next", "go to the next item", True),
        Key("previous_item", "p,left,h", "p", "previous", "go to the previous item"),
        Key("back_one", "b", "b", "back", "go back one response"),
        Key("next_model", "m", "m", "model", "go to the next model's response to this item", True),
        Key("previous_model", "M", "M", "model", "go to the previous model's response to this item"),
        Key("go", "g", "g", "go to", "go to an item by its number, to a model or a queue; also outside this queue"),
        Key("search", "slash", "/", "search", "find an item by number or by words in instruction or response"),
        Key("end", "E", "E", "end", "where you stand in this queue; close it here"),
        Key("app.quit", "q,ctrl+q", "q", "quit", "leave; everything is already on disk"),
    ),
    "Look": (
        Key("zoom", "z", "z", "zoom", "the picture on the whole screen; + − and arrows there", True),
        Key("read", "Z", "Z", "read", "the response on the whole screen, to scroll and search"),
        Key("open_picture", "o", "o", "open", "open the picture in the system's viewer"),
        Key("scroll_response(1)", "pagedown,space", "PgDn", "scroll", "scroll the response down"),
        Key("scroll_response(-1)", "pageup", "PgUp", "scroll", "scroll the response up"),
    ),
    "Lists and numbers": (
        Key("app.browse", "i", "i", "browse", "the list of all responses: filter, sort, count", True),
        Key("app.compare", "v", "v", "compare", "all models' answers to this item beside each other", True),
        Key("gold", "L", "L", "gold", "the labels that people differ on, to settle them"),
        Key("guideline", "H", "H", "how", "how to score: the guideline, and the rules"),
        Key("app.scores", "S", "S", "scores", "the leaderboard: judge, corrected score, interval, rank"),
        Key("app.agreement", "G", "G", "agreement", "how far the judge and people agree, as pictures"),
    ),
}


class ReviewScreen(WordsScreen, Pictured):
    """Picture, instruction, response and scores side by side. What a key does is on disk before it is shown."""

    NAME = "review"
    KEYS = KEYS
    BINDINGS = bindings(KEYS)

    def __init__(
        self,
        session: ReviewSession,
        keyboard: Keyboard,
        pictures: Pictures,
        doors: Doors,
    ) -> None:
        super().__init__(session, keyboard, doors)
        self.pictures = pictures

    def compose(self) -> ComposeResult:
        yield Bench(self.pictures.renderer, id="bench")
        yield Static("", id="status", markup=False)
        yield Footer()

    async def on_mount(self) -> None:
        self._apply(await self._seen())
        if lies := network_note(self.session.store.path):
            self._tell(f"The database lies {lies}.", "refused")
        self.call_after_refresh(self.keyboard.forget)  # keys pressed before there was anything to see

    def on_resize(self) -> None:
        if self.view is not None:
            self._show()

    # showing

    def pictured(self) -> Item | None:
        return self.view.item if self.view else None

    def around(self) -> Sequence[Item]:
        return self.session.items_around()

    def refuse(self, sentence: str) -> None:
        self._refuse(sentence)

    @property
    def in_sight(self) -> bool:
        return self.query_one(ScoreTable).in_sight

    def hints(self) -> Sequence[str]:
        """First what can be said now: points while some are missing, the commit, the judge's keys once it is seen."""
        view = self.view
        if view is None:
            return super().hints()
        judge = ["agree", "agree_all"] if view.unscored else ["agree", "reason"]
        if view.settled and view.judge_visible:
            judge = ["reason"]
        say = [
            *(["score", "full_marks"] if view.unscored else []),
            "commit",
            *([] if view.training else judge if view.judge_visible else ["reveal"]),
        ]
        go = ["next_item", "app.quit", "app.browse", *(["next_model"] if len(self.session.rivals) > 1 else [])]
        look = ["undo", "zoom", "app.compare", "read", "go", "comment", "ungradable", "skip", "search"]
        return [*say, *go, *look, "guideline", "gold", "app.scores", "app.agreement"]

    async def look_again(self) -> None:
        """Show what is on disk now: another screen may have changed it."""
        self._apply(await self._seen())

    def _apply(self, view: View) -> None:
        fresh = self.view is None or self.view.response.id != view.response.id
        self.view = view
        if fresh:
            self.selected, self.scored = (view.unscored[0] if view.unscored else 1), None
            self.query_one(Bench).rewind()
        self._show()
        self.hint()
        if fresh:
            self.show_picture()

    def _show(self) -> None:
        assert self.view is not None
        self.query_one(Bench).show(self.view, self.selected, self.session.reviewer, self.session.pace())

    # moving

    async def action_next_item(self) -> None:
        await self._move(lambda: self.session.go_item(1), "This is the last item.")

    async def action_previous_item(self) -> None:
        await self._move(lambda: self.session.go_item(-1), "This is the first item.")

    async def action_next_model(self) -> None:
        await self._move(lambda: self.session.go_model(1), "There is no other response to this item.")

    async def action_previous_model(self) -> None:
        await self._move(lambda: self.session.go_model(-1), "There is no other response to this item.")

    async def action_back_one(self) -> None:
        await self._move(self.session.back, "This is the first response.")

    def action_search(self) -> None:
        async def found(place: int | None) -> None:
            if place is not None:
                await self._move(lambda: self.session.go(place), "")

        self.app.push_screen(Search(self.session.find), found)

    def action_go(self) -> None:
        async def chosen(place: Place | None) -> None:
            if place is None or self.view is None:
                return
            benchmark, store = self.view.item.benchmark, self.session.store
            match place.kind:
                case "here":
                    await self._move(lambda: self.session.go(int(place.target)), "")
                case "look":
                    self.doors.look(await asyncio.to_thread(store.responses_to, benchmark, int(place.target)))
                case "model":
                    self.doors.browse(benchmark, f'model:"{place.target}"')
                case "queue":
                    self.doors.queue(place.target)

        self.app.push_screen(Go(partial(places, self.session)), chosen)

    def action_next_component(self) -> None:
        self.select(self.selected + 1)

    def action_previous_component(self) -> None:
        self.select(self.selected - 1)

    def on_score_table_selected(self, message: ScoreTable.Selected) -> None:
        self.select(message.position)

    async def on_score_table_given(self, message: ScoreTable.Given) -> None:
        if self.view is not None:
            await self._give(self.view.item.components[self.selected - 1], Fraction(message.points))

    def select(self, position: int) -> None:
        """Make a component the one that keys are for."""
        if self.view is not None and 1 <= position <= len(self.view.item.components):
            self.selected, self.scored = position, None
            self._show()

    # looking

    def action_read(self) -> None:
        if self.view is not None:
            title = reading_title(self.view.model_label, self.view.item.index)
            self.app.push_screen(Reading(title, self.view.response.text))

    def action_gold(self) -> None:
        if self.view is not None:
            self.doors.gold(self.view.item.benchmark)

    def action_guideline(self) -> None:
        self.doors.guideline()

    def action_scroll_response(self, pages: int) -> None:
        self.query_one(ResponsePane).scroll(pages)

    def action_scroll_reasons(self, pages: int) -> None:
        self.query_one(ReasonsPane).scroll(pages)
