"""Erasing a person as a whole: in one transaction, all or nothing, with one report."""

from crmcore.engine.transaction import Transaction
from crmcore.erasing import core, journalled, plugins, tombstones
from crmcore.erasing.linked import linked
from crmcore.erasing.person import person
from crmcore.erasing.report import Report
from crmcore.erasing.sweep import sweep
from crmcore.errors import Denied
from crmcore.i18n import _
from crmcore.search.index import tidy

_ROLES = frozenset({"admin", "manager"})
EVENT = "erased"


def erase(tx: Transaction, entity: str, record_id: int, *, certain: bool) -> Report:
    """Erase a contact, or a customer that is an individual; without `certain` find out what would become of it.

    `record_id` is one that the actor may see. Raises `Denied` for all but administrators and managers, `InvalidInput`
    for an organisation, and `PluginError` when a plugin fails: then nothing is erased.
    """
    if tx.actor.user_id != 0 and tx.actor.role not in _ROLES:
        raise Denied(_("Only administrators and managers erase people."))
    if tx.connection.dialect.name == "sqlite":
        tx.connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is removed is overwritten
    tx.begin()
    who = person(tx.connection, entity, record_id)
    report = Report(entity=entity, id=who.ids[0], done=certain)
    about = linked(tx.connection, who)
    known = plugins.tables(tx.connection)
    plugins.ask(tx, who, report)
    gone = plugins.release(tx, who, known, report)
    denied = core.erase(tx, who, about, report)
    journalled.erase(tx, (*who.ids, *about.subjects, *gone), (*about.shared, *about.came_of_shared), who.nearby, report)
    sweep(tx, known, who.everywhere, report)
    kept = tombstones.keep(tx.connection, who.ids[0], tx.now, who.known_by, denied)
    report.add(
        "core", _("hashes of addresses, numbers and ids"), kept, "kept",
        _("so that an import does not bring the person back; no address can be read from them"),
    )  # fmt: skip
    _tell_of_limits(report, others=who.others, is_alone=who.is_alone)
    if not certain:
        tx.abandon()
        return report
    tidy(tx.connection)
    told = [{"plugin": one.plugin, "what": one.what, "count": one.count, "fate": one.fate} for one in report.lines]
    tx.record(f"{entity}.{EVENT}", entity, who.ids[0], {"report": told})
    return report


def _tell_of_limits(report: Report, *, others: int, is_alone: bool) -> None:
    if others:
        report.say(
            "core",
            _("{count} addresses or numbers stay where they are, because others have them too.").format(count=others),
            "kept",
        )
    if not is_alone:
        report.say(
            "core",
            _("Others are called the same: the name stays in texts that are not known to be about this person."),
            "kept",
        )
    report.say("core", _("Backups and exports made before still hold the person."), "kept")
