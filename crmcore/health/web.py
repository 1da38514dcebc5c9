"""The web: whether links can be signed where a plugin makes them."""

from collections.abc import Iterator

from sqlalchemy import Connection

from crmcore.app import App
from crmcore.errors import CrmError
from crmcore.health.diagnosis import Diagnosis, odd, well, wrong
from crmcore.i18n import _
from crmcore.web.links import key_of, public


def web(_connection: Connection, app: App) -> Iterator[Diagnosis]:
    """Yield whether there is a key for links, and an address, where a plugin has pages for such links."""
    with app.read() as reader:
        wanting = sorted({plugin for plugin, page in reader.declared_by_plugin("crm_pages") if page.signed})
        if not wanting:
            return
        names = ", ".join(wanting)
        try:
            key = key_of(reader)
        except CrmError as error:
            yield wrong("web", str(error), plugin=names)
            return
        if not key:
            yield odd(
                "web", _("links cannot be signed, so none are made; `crm web key FILE` makes a key"), plugin=names
            )
        elif not public(reader):
            yield odd("web", _("links have no address; `crm setting set web.url https://HOST` says it"), plugin=names)
        else:
            yield well("web", _("links are signed, at {url}").format(url=public(reader)))
