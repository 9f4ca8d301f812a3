"""Pictures decoded in the background and kept: asking never waits."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from miareview.errors import DataError
from miareview.text import visible

Place = TypeVar("Place", bound=Hashable)  # what a picture is made for: a box in pixels, a room on a screen
Made = TypeVar("Made")
_Key = tuple[Path, int, Any]  # path, modification time in nanoseconds (-1: no such file), place


class PictureCache(Generic[Place, Made]):
    """The last `size` pictures by (path, modification time, place), made by `loader` in two worker threads.

    A future is the cache's entry: done, it is the picture or the DataError of its file; not done, it is on its way.
    Whoever shows pictures keeps the future asked for last, and passes over any other that arrives. May be used from
    any thread.
    """

    def __init__(self, loader: Callable[[Path, Place], Made], size: int = 16) -> None:
        self._loader = loader
        self._size = max(1, size)
        self._futures: OrderedDict[_Key, Future[Made]] = OrderedDict()
        self._ahead: set[_Key] = set()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="picture")

    def request(self, path: Path, place: Place) -> Future[Made]:
        """The picture's future, at once. What was prefetched and has not begun makes room for it.

        The future raises DataError for a bad file, and CancelledError where `size` newer pictures overtook it.
        """
        with self._lock:
            key = _key(path, place)
            self._ahead.discard(key)
            for waiting in [other for other in self._ahead if self._futures[other].cancel()]:
                self._forget(waiting)
            return self._future(key)

    def prefetch(self, paths: Iterable[Path], place: Place) -> None:
        """Load these soon, in this order, unless something is requested before."""
        with self._lock:
            for path in paths:
                key = _key(path, place)
                if key not in self._futures:
                    self._ahead.add(key)
                    self._future(key)

    def ready(self, path: Path, place: Place) -> Made | None:
        """The picture if it is there already, else None (also where the file is bad)."""
        with self._lock:
            future = self._futures.get(_key(path, place))
        if future is None or not future.done() or future.cancelled() or future.exception() is not None:
            return None
        return future.result()

    def close(self) -> None:
        """Stop the workers; what has not begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _future(self, key: _Key) -> Future[Made]:
        future = self._futures.get(key)
        if future is None or future.cancelled():
            future = self._futures[key] = self._pool.submit(self._load, key)
        self._futures.move_to_end(key)
        while len(self._futures) > self._size:
            oldest = next(iter(self._futures))
            self._futures[oldest].cancel()
            self._forget(oldest)
        return future

    def _forget(self, key: _Key) -> None:
        del self._futures[key]
        self._ahead.discard(key)

    def _load(self, key: _Key) -> Made:
        path, modified, place = key
        with self._lock:
            self._ahead.discard(key)
        if modified < 0:
            raise DataError(f"{visible(path.name)}: there is no such picture file.", "Fetch it again.")
        return self._loader(path, place)


def _key(path: Path, place: Hashable) -> _Key:
    try:
        return path, path.stat().st_mtime_ns, place
    except OSError:
        return path, -1, place
