"""Bringing the right picture to its place: asked for in the background, dropped where it comes too late."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget

from miareview.errors import MiaReviewError
from miareview.images.cache import PictureCache
from miareview.images.library import PictureLibrary
from miareview.images.load import Picture
from miareview.model import Item
from miareview.tui.picture import PictureView, Renderer, thumbnail_box


@dataclass
class PictureArrived(Message):
    """A worker has loaded the picture of an item (by id) for a view."""

    item: str
    future: Future[Picture]
    target: PictureView


class Pictures:
    """Finds, loads and shows items' pictures; the loading is done by the cache's threads."""

    def __init__(self, library: PictureLibrary, renderer: Renderer) -> None:
        self.library = library
        self.renderer = renderer
        self.cache = PictureCache()

    def show(self, item: Item, around: Iterable[Item], target: PictureView, owner: Widget) -> None:
        """Show an item's picture, at once or by a `PictureArrived` to `owner`; then load those around it."""
        box = thumbnail_box(self.renderer, *target.content_size)
        path = self.library.find(item)
        if path is None:
            target.show(None, self.library.why_not(item))
        elif (ready := self.cache.ready(path, box)) is not None:
            target.show(ready.image)
        else:
            target.show(None, "…")
            future = self.cache.request(path, box)
            future.add_done_callback(lambda done: owner.post_message(PictureArrived(item.id, done, target)))
        others = [self.library.find(other) for other in around]
        self.cache.prefetch([other for other in others if other is not None and other != path], box)

    def arrived(self, message: PictureArrived) -> bool:
        """Show what has arrived; False where it must be asked for again."""
        try:
            message.target.show(message.future.result().image)
        except CancelledError:
            return False
        except MiaReviewError as error:
            message.target.show(None, str(error))
        return True

    def close(self) -> None:
        """Stop the threads."""
        self.cache.close()
