"""The file formats of the core, declared through the same hook as a plugin's."""

from collections.abc import Iterable

from attrs import evolve

from crmcore.formats.calendar.format import ICALENDAR
from crmcore.formats.mail.format import EML, MAILDIR, MBOX
from crmcore.formats.table.format import CSV, SALESFORCE_TREE, XLSX
from crmcore.formats.vcard.format import VCARD
from crmcore.hooks.formats import Format
from crmcore.hooks.kinds import impl


@impl
def crm_formats() -> Iterable[Format]:
    """Declare the core's formats."""
    mail = [evolve(form, scheme="email") for form in (EML, MBOX, MAILDIR)]
    tables = [evolve(form, scheme="table", rows=True) for form in (CSV, XLSX)]
    return (VCARD, *tables, evolve(SALESFORCE_TREE, scheme="table"), *mail, ICALENDAR)
