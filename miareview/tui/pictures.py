"""Bringing the right picture to its place: asked for in the background, dropped where it comes too late."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path

from textual.message import Message
from textual.widget import Widget

from miareview.errors import MiaReviewError
from miareview.images.cache import PictureCache
from miareview.images.library import PictureLibrary
from miareview.images.load import load_picture
from miareview.model import Item
from miareview.tui.fit import WHOLE
from miareview.tui.picture import PictureView, Ready, Renderer, Room, prepare


@dataclass
class PictureArrived(Message):
    """A worker has made the picture of an item (by id) ready for a view."""

    item: str
    future: Future[Ready]
    target: PictureView


class Pictures:
    """Finds items' pictures and has them loaded and made ready by the cache's threads."""

    def __init__(self, library: PictureLibrary, renderer: Renderer) -> None:
        self.library = library
        self.renderer = renderer
        self.cache: PictureCache[Room, Ready] = PictureCache(_load)

    def show(self, item: Item, around: Iterable[Item], target: PictureView, owner: Widget) -> None:
        """Show an item's picture, at once or by a `PictureArrived` to `owner`; then make those around it ready."""
        room = target.room()
        path = self.library.find(item)
        if room is None or path is None:
            off = self.renderer.widget_class is None
            target.show(None, "Pictures are off." if off else self.library.why_not(item) if path is None else "")
            return
        ready = self.cache.ready(path, room)
        if ready is not None or target.part == WHOLE:  # a part comes in place of the one before
            target.show(ready, "" if ready else "…")
        if ready is None:
            future = self.cache.request(path, room)
            future.add_done_callback(lambda done: owner.post_message(PictureArrived(item.id, done, target)))
        others = [self.library.find(other) for other in around]
        self.cache.prefetch([other for other in others if other is not None and other != path], room)

    def arrived(self, message: PictureArrived) -> bool:
        """Show what has arrived; False where it must be asked for again."""
        try:
            ready = message.future.result()
            if ready.room == message.target.room():  # else another is on its way
                message.target.show(ready)
        except CancelledError:
            return False
        except MiaReviewError as error:
            message.target.show(None, str(error))
        except MemoryError:
            message.target.show(None, "There is not enough memory to show this picture.")
        return True

    def close(self) -> None:
        """Stop the threads."""
        self.cache.close()


def _load(path: Path, room: Room) -> Ready:
    picture = load_picture(path, room.box)
    return prepare(picture.image, room, picture.original_size)
