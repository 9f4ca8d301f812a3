"""Pictures decoded in the background and kept: asking never waits."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from miareview.errors import DataError
from miareview.images.load import Picture, load_picture
from miareview.text import visible

Box = tuple[int, int]
Key = tuple[Path, int, Box]  # path, modification time in nanoseconds (-1: no such file), box in pixels


class PictureCache:
    """The last `size` pictures by (path, modification time, box), loaded by two worker threads.

    A future is the cache's entry: done, it is the picture or the DataError of its file; not done, it is on its way.
    Whoever shows pictures keeps the future asked for last, and passes over any other that arrives. May be used from
    any thread.
    """

    def __init__(self, loader: Callable[[Path, Box], Picture] = load_picture, size: int = 16) -> None:
        self._loader = loader
        self._size = max(1, size)
        self._futures: OrderedDict[Key, Future[Picture]] = OrderedDict()
        self._ahead: set[Key] = set()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="picture")

    def request(self, path: Path, box: Box) -> Future[Picture]:
        """The picture's future, at once. What was prefetched and has not begun makes room for it.

        The future raises DataError for a bad file, and CancelledError where `size` newer pictures overtook it.
        """
        with self._lock:
            key = _key(path, box)
            self._ahead.discard(key)
            for waiting in [other for other in self._ahead if self._futures[other].cancel()]:
                self._forget(waiting)
            return self._future(key)

    def prefetch(self, paths: Iterable[Path], box: Box) -> None:
        """Load these soon, in this order, unless something is requested before."""
        with self._lock:
            for path in paths:
                key = _key(path, box)
                if key not in self._futures:
                    self._ahead.add(key)
                    self._future(key)

    def ready(self, path: Path, box: Box) -> Picture | None:
        """The picture if it is there already, else None (also where the file is bad)."""
        with self._lock:
            future = self._futures.get(_key(path, box))
        if future is None or not future.done() or future.cancelled() or future.exception() is not None:
            return None
        return future.result()

    def close(self) -> None:
        """Stop the workers; what has not begun is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _future(self, key: Key) -> Future[Picture]:
        future = self._futures.get(key)
        if future is None or future.cancelled():
            future = self._futures[key] = self._pool.submit(self._load, key)
        self._futures.move_to_end(key)
        while len(self._futures) > self._size:
            oldest = next(iter(self._futures))
            self._futures[oldest].cancel()
            self._forget(oldest)
        return future

    def _forget(self, key: Key) -> None:
        del self._futures[key]
        self._ahead.discard(key)

    def _load(self, key: Key) -> Picture:
        path, modified, box = key
        with self._lock:
            self._ahead.discard(key)
        if modified < 0:
            raise DataError(f"{visible(path.name)}: there is no such picture file.", "Fetch it again.")
        return self._loader(path, box)


def _key(path: Path, box: Box) -> Key:
    try:
        return path, path.stat().st_mtime_ns, box
    except OSError:
        return path, -1, box
