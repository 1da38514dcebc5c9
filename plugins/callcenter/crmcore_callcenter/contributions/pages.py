"""What the call centre answers on the web."""

from collections.abc import Iterable

from crmcore.api import Page, impl


@impl
def crm_pages() -> Iterable[Page]:
    """Declare it: the door for telephone systems that post what happens."""
    from crmcore_callcenter.listening.page import take_events

    yield Page(rule="/calls/events", methods=("POST",), answer=take_events)
