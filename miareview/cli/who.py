"""Who looks at a command's output."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from miareview.store.store import Store


def who_looks(store: Store, named: str | None) -> str | None:
    """The reviewer named by --as, else by MIAREVIEW_REVIEWER; None: nobody in particular, who sees everything."""
    return named or os.environ.get("MIAREVIEW_REVIEWER") or None
