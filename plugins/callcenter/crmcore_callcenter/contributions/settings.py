"""What a workspace can set about the call centre."""

from collections.abc import Iterable

from crmcore.api import Setting, impl
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.defaults import DEFAULTS
from crmcore_callcenter.model.recorded import place_problem


@impl
def crm_settings() -> Iterable[Setting]:
    """Declare it."""
    yield Setting(
        name="wrap_seconds", kind="number", whole=True, minimum=0, maximum=3600, default=60,
        title=_("Seconds after a call in which an agent counts as summing it up, without a word of theirs"),
    )  # fmt: skip
    for name, default, title in (
        ("callback_days", 7, _("Days back to which who gave up is called back; older calls open no callback")),
        ("callback_retry_minutes", 30, _("Minutes until who was not reached is called again")),
        ("callback_take_minutes", 30, _("Minutes after which a callback that somebody took is anybody's again")),
    ):
        yield Setting(name=name, kind="number", whole=True, minimum=0, default=default, title=title)
    for name, least, title in (
        ("answer_seconds", 1, _("Seconds within which a call of no queue counts as answered in time")),
        (
            "short_seconds",
            0,
            _("Seconds within which who hung up mostly dialled wrong: counted apart from the abandoned"),
        ),
        ("again_days", 1, _("Days in which who calls again was not helped at the first contact")),
    ):
        yield Setting(name=name, kind="number", whole=True, minimum=least, default=DEFAULTS[name], title=title)
    yield Setting(
        name="recordings_at", check=place_problem,
        title=_("Where recordings told by a file's name are heard: https://pbx.example.com/rec/%Y/%m/%d/"),
    )  # fmt: skip
