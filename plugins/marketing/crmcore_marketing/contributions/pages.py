"""What marketing answers on the web."""

from collections.abc import Iterable

from crmcore.api import Page, impl


@impl
def crm_pages() -> Iterable[Page]:
    """Declare it: links of mails, forms and the count of visits."""
    from crmcore_marketing.web import answering

    yield Page(rule="/u/<token>", answer=answering.ask)
    yield Page(rule="/u/<token>", methods=("POST",), answer=answering.stop)
    yield Page(rule="/c/<token>/<int:number>", answer=answering.lead_on)
    yield Page(rule="/f/<key>", methods=("POST",), answer=answering.take_form)
    yield Page(rule="/v", answer=answering.count)
    yield Page(rule="/v/consent", methods=("POST",), answer=answering.agree)
    yield Page(rule="/v/withdraw", methods=("POST",), answer=answering.withdraw)
