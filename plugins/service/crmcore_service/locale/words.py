"""Words that are stored as they are and translated where they are shown; this list is read by `make messages` only."""

from collections.abc import Callable


def words(_: Callable[[str], str]) -> list[str]:
    """Return all of them."""
    return [
        # States of tickets and work orders
        _("new"), _("open"), _("waiting"), _("on_hold"), _("resolved"), _("closed"), _("cancelled"),
        _("planned"), _("under_way"), _("done"),
        # Channels, and how tickets are given to somebody
        _("email"), _("call"), _("form"), _("chat"), _("fax"), _("meeting"), _("message"), _("note"),
        _("automatic"), _("by_hand"),
        # Clocks
        _("owner"), _("response"), _("resolution"), _("visit"),
        # Kinds and states of work orders, installed products and contracts, and why they are offered
        _("repair"), _("installation"), _("maintenance"), _("inspection"), _("active"), _("retired"), _("future"),
        _("ended"), _("warranty"), _("contract"), _("age"), _("service_asset"), _("service_contract"),
        _("service_work_order"), _("opportunity"), _("sales_opportunity"), _("sales_lead"),
        # Mail to customers: its kinds and states
        _("reply"), _("acknowledgement"), _("survey"), _("appointment"),
        _("queued"), _("deferred"), _("sending"), _("sent"), _("failed"), _("skipped"), _("withheld"), _("unknown"),
        # What becomes of mail that is read
        _("ticket"), _("bounce"), _("own"), _("list"), _("spam"), _("nobody"), _("unreadable"),
        _("flood"), _("repeated"), _("calendar"), _("refused"), _("old"), _("service_mailbox"),
        # What becomes of questions and of ratings, and where minutes are from
        _("offered"), _("confirmed"), _("asked"), _("answered"), _("category"), _("measured"), _("rating"),
        _("service_deflection"), _("service_rating"), _("service_public_answer"),
        # Gains, and what costs follow from
        _("claimed"), _("rejected"), _("service_visit"), _("service_part"), _("service_cost"), _("service_gain"),
        # By what reports go
        _("channel"), _("answer"), _("product"), _("cause"), _("queue"), _("month"),
    ]  # fmt: skip
