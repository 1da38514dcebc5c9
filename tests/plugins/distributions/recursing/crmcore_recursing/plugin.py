"""It saves while it is asked about a save."""

from crmcore.api import Contact, Plugin, impl, open_workspace

PLUGIN = Plugin(name="recursing", title="It saves while it is asked about a save.")


@impl
def crm_brief(subject):
    app = open_workspace()
    try:
        with app.transaction() as tx:
            tx.add(Contact(name="made by a brief"))
    finally:
        app.close()
    return []


@impl
def crm_before_save(changes):
    if any(change.after.get("name") == "made by a brief" for change in changes):
        app = open_workspace()
        try:
            with app.transaction() as tx:
                tx.add(Contact(name="made by a brief"))
        finally:
            app.close()
