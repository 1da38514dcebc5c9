"""Words that are stored as they are and translated where they are shown; this list is read by `make messages` only."""

from collections.abc import Callable


def words(_: Callable[[str], str]) -> list[str]:
    """Return all of them."""
    return [
        # States of tickets and work orders
        _("new"), _("open"), _("waiting"), _("on_hold"), _("resolved"), _("closed"), _("cancelled"),
        _("planned"), _("under_way"), _("done"),
        # Clocks
        _("owner"), _("response"), _("resolution"), _("visit"),
    ]  # fmt: skip
