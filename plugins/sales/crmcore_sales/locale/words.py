"""Words that are stored as they are and translated where they are shown; this list is read by `make messages` only."""

from collections.abc import Callable


def words(_: Callable[[str], str]) -> list[str]:
    """Return all of them."""
    return [
        # States of leads, opportunities, quotes, approvals, registrations
        _("new"), _("working"), _("qualified"), _("rejected"), _("open"), _("won"), _("lost"),
        _("draft"), _("held"), _("accepted"), _("declined"), _("expired"), _("superseded"), _("withdrawn"),
        _("automatic"), _("pending"), _("granted"), _("refused"), _("dropped"), _("sent"),
        _("registered"), _("protected"), _("conflict"),
        # Stages of the pipeline that sales brings
        _("qualification"), _("needs"), _("proposal"), _("negotiation"),
        # What is asked of a manager, and what becomes of it
        _("discount"), _("floor"), _("low"), _("medium"), _("high"), _("month"), _("quarter"), _("year"),
        # Buying roles and attitudes
        _("buyer"), _("user"), _("technical"), _("budget"), _("coach"), _("boss"), _("influencer"),
        _("for"), _("neutral"), _("against"),
        # Forecast
        _("commit"), _("best"), _("pipeline"), _("omitted"),
        # What reports are by
        _("stage"), _("region"), _("owner"), _("product"), _("currency"), _("reason"), _("size"), _("competitor"),
        _("channel"), _("campaign"), _("source"), _("team"), _("family"), _("customer"), _("week"),
        # Tiers and channels
        _("key"), _("major"), _("mass"), _("direct"), _("partner"), _("web"), _("agent"),
        # Evidence
        _("need"), _("commitment"), _("metric"), _("criterion"), _("process"), _("result"), _("risk"), _("pain"),
        # What points towards a visit
        _("value"), _("silence"), _("promise"), _("distance"),
    ]  # fmt: skip
