"""How long plugins may take, and how much memory: the defaults, and what a workspace's settings say instead."""

from collections.abc import Mapping

from attrs import field, frozen

from crmcore.hooks.kinds import APPLY, COLLECT, DECLARE, NOTIFY, VETO

SECONDS: Mapping[str, float] = {DECLARE: 10.0, COLLECT: 2.0, VETO: 10.0, APPLY: 10.0, NOTIFY: 60.0}
"""By kind of hook: after how many seconds a call is cut off. `declare` holds for the import of a plugin, too."""

MEGABYTES = 200.0
"""By how much the process may grow during a call before that is told of."""

IMPORT_SECONDS = 1.0
"""How long the import of a plugin may take before that is told of."""


@frozen(kw_only=True)
class Limits:
    """What a workspace allows: seconds by kind of hook, and megabytes."""

    by_kind: Mapping[str, float] = field(factory=dict)
    megabytes: float = MEGABYTES

    def seconds(self, kind: str) -> float:
        """Return how long a call of a hook of this kind may take."""
        return self.by_kind.get(kind, SECONDS[kind])


def from_settings(settings: Mapping[str, object]) -> Limits:
    """Return the limits that settings name: `hook.seconds.KIND` and `hook.megabytes`, positive numbers."""
    by_kind = {
        kind: float(value)
        for kind in SECONDS
        if isinstance(value := settings.get(f"hook.seconds.{kind}"), int | float) and value > 0
    }
    size = settings.get("hook.megabytes")
    return Limits(by_kind=by_kind, megabytes=float(size) if isinstance(size, int | float) and size > 0 else MEGABYTES)
