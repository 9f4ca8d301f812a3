"""Agreement between raters: coefficients with their intervals, and the table of them.

The coefficients are imported from here; `table` makes the rows that commands and screens show.
"""

from miareview.stats.agreement.coefficients import *  # noqa: F403
from miareview.stats.agreement.coefficients import __all__ as __all__
