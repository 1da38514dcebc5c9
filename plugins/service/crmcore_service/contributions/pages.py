"""What service answers on the web."""

from collections.abc import Iterable

from crmcore.api import Page, impl


@impl
def crm_pages() -> Iterable[Page]:
    """Declare it: requests from forms and other systems, the status page of a ticket, and ratings."""
    from crmcore_service.intake import endpoint, form
    from crmcore_service.satisfaction import pages as rating
    from crmcore_service.status import pages

    yield Page(rule="/request/<key>.json", methods=("POST",), answer=endpoint.take_json)
    yield Page(rule="/request/<key>", answer=form.show)
    yield Page(rule="/request/<key>", methods=("POST",), answer=form.take_form, most=60)
    yield Page(rule="/s/<token>", answer=pages.show, signed=True)
    yield Page(rule="/s/<token>", methods=("POST",), answer=pages.take, signed=True, most=60)
    yield Page(rule="/rate/<token>", answer=rating.show, signed=True)
    yield Page(rule="/rate/<token>", methods=("POST",), answer=rating.take, signed=True, most=60)
