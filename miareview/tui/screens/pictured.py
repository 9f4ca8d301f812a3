"""A screen with an item's picture on it: asked for in the background, and on the whole screen by a key."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from miareview.errors import MiaReviewError
from miareview.model import Item
from miareview.tui.fit import WHOLE
from miareview.tui.picture import PictureView
from miareview.tui.pictures import PictureArrived, Pictures
from miareview.tui.screens.closer import Zoom
from miareview.tui.screens.page import Page
from miareview.tui.viewer import open_externally


class Pictured(Page):
    """`pictured` says which item's picture is wanted; a subclass tells a refusal by `refuse`."""

    pictures: Pictures

    def pictured(self) -> Item | None:
        """The item on the screen."""
        raise NotImplementedError

    def around(self) -> Sequence[Item]:
        """Items whose pictures may be wanted next."""
        return ()

    def refuse(self, sentence: str) -> None:
        raise NotImplementedError

    def show_picture(self, target: PictureView | None = None) -> None:
        """Ask for the item's picture, for a view that is zoomed or else for the one on this screen, if there is one."""
        item, views = self.pictured(), self.query(PictureView)
        if item is not None and (target or (views and views.first().display)):
            view = target or views.first(PictureView)
            self.pictures.show(item, self.around() if view.part == WHOLE else (), view, self)

    def on_picture_view_room_changed(self, message: PictureView.RoomChanged) -> None:
        self.show_picture(message.view)

    def on_picture_arrived(self, message: PictureArrived) -> None:
        item = self.pictured()
        if item is None or item.id != message.item or not message.target.is_attached:
            return  # the screen has gone on
        if not self.pictures.arrived(message):
            self.show_picture(message.target)

    def action_zoom(self) -> None:
        self.app.push_screen(Zoom(self.pictures.renderer, self.show_picture))

    async def action_open_picture(self) -> None:
        item = self.pictured()
        if item is None:
            return
        path = self.pictures.library.find(item)
        if path is None:
            self.refuse(self.pictures.library.why_not(item))
            return
        try:
            opened = await asyncio.to_thread(open_externally, path)
        except MiaReviewError as error:
            self.refuse(str(error))
            return
        if not opened:
            self.refuse(f"No viewer could be started here. The file is {path}")
