"""Comments that are being written: kept as they are typed, and in the database where the app has to end."""

from __future__ import annotations

from miareview.errors import MiaReviewError
from miareview.store.store import Store


class Drafts:
    """Texts by response that one reviewer began and has not saved."""

    def __init__(self, store: Store, reviewer: str) -> None:
        self.store = store
        self.reviewer = reviewer
        self._texts: dict[str, str | None] = {}

    def text(self, response: str) -> str | None:
        """What was begun, also before the app ended last; None where nothing was."""
        if response not in self._texts:
            try:
                self._texts[response] = self.store.setting(self._name(response)) or None
            except MiaReviewError:
                return None
        return self._texts[response]

    def put(self, response: str, text: str | None) -> None:
        self._texts[response] = text

    def done(self, response: str) -> None:
        """The text was saved or thrown away. Raises DataError where an older draft in the database cannot go."""
        self._texts[response] = None
        if self.store.setting(self._name(response)):
            self.store.set_setting(self._name(response), "")

    def save(self) -> None:
        """Write all of them to the database, as far as it can be written: the app has to end."""
        for response, text in self._texts.items():
            if text is not None:
                try:
                    self.store.set_setting(self._name(response), text)
                except MiaReviewError:
                    return

    def _name(self, response: str) -> str:
        return f"draft of {self.reviewer} on {response}"
