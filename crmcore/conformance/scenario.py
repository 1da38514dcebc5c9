"""What happens in a workspace in which a plugin is not enabled, told as JSON: run as a process of its own.

`python -m crmcore.conformance.scenario URL [MODULE]`: with MODULE, the plugin's module is imported first, as it is when
it was enabled before or another workspace has it enabled.
"""

import json
import sys
import threading
from datetime import UTC, datetime
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any

from sqlalchemy import event

from crmcore.app import App
from crmcore.hooks import SPECIFICATIONS
from crmcore.hooks.policy import Act
from crmcore.hooks.reading import Subject
from crmcore.model.interaction import Task
from crmcore.model.party import Contact


def main(url: str, module: str = "") -> None:
    """Run a small day's work and print what it did."""
    before = _anatomy()
    if module:
        import_module(module)
    after = _anatomy()
    patched = sorted(name for name, value in before.items() if after.get(name) is not value)
    statements: list[str] = []
    app = App(url)
    event.listen(app.engine, "before_cursor_execute", lambda _c, _k, statement, *_more: statements.append(statement))
    answers = _day(app)
    print(  # noqa: T201 # the answer
        json.dumps(
            {
                "patched": patched,
                "threads": threading.active_count() - 1,
                "statements": statements,
                "answers": answers,
                "joined": sorted({call.plugin for hook in _hooks() for call in app.dispatcher.calls(hook)}),
            }
        )
    )


def _day(app: App) -> list[str]:
    """Add, change and read a contact; return what was shown, by its title or type."""
    now = datetime.now(UTC)
    with app.transaction() as tx:
        ida = tx.add(Contact(name="Ida"))
        tx.add(Task(subject="call back", contact_id=ida.id))
    with app.transaction() as tx:
        tx.get(Contact, ida.id).note = "likes tea"
        act = Act(kind="contact", at=now, channel="call", purpose="sales", contact_id=ida.id)
        objections = app.dispatcher.objections("crm_objections", acts=[act], tx=tx)
    party = Subject(entity="contact", id=ida.id, name="Ida", contact_ids=(ida.id,))
    shown: list[Any] = [one for _plugin, one in objections]
    with app.read() as reader:
        shown += app.dispatcher.collect("crm_brief", subject=party, now=now, reader=reader)
        shown += app.dispatcher.collect("crm_timeline", subject=party, before=None, limit=10, reader=reader)
        shown += app.dispatcher.collect("crm_quality", reader=reader)
        shown += app.dispatcher.collect("crm_health", reader=reader)
    return [getattr(one, "title", type(one).__name__) for one in shown]


def _hooks() -> list[str]:
    return [name for module in SPECIFICATIONS for name in vars(module) if name.startswith("crm_")]


def _anatomy() -> dict[str, Any]:
    """Return every function and class of the core and of pluggy, and their methods, by their place."""
    found: dict[str, Any] = {}
    for name, module in list(sys.modules.items()):
        if isinstance(module, ModuleType) and name.partition(".")[0] in {"crmcore", "pluggy"}:
            for key, value in vars(module).items():
                if isinstance(value, FunctionType | type):
                    found[f"{name}.{key}"] = value
                if isinstance(value, type) and value.__module__ == name:
                    found |= {
                        f"{name}.{key}.{each}": v for each, v in vars(value).items() if isinstance(v, FunctionType)
                    }
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
