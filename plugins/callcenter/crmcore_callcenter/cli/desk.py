"""`crm callcenter desk`: the agent's screen."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from attrs import define, field

from crmcore.command import as_json
from crmcore_callcenter.cli.ring import show
from crmcore_callcenter.cli.wrap import sum_up, tell_what_followed
from crmcore_callcenter.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session, Transaction
    from crmcore_callcenter.desk.keys import Keys
    from crmcore_callcenter.desk.present import Present
    from crmcore_callcenter.desk.ringing import Ring

_TELLING = 2.0
"""For so many seconds at most others are told of what was done here."""
_OF_A_CALL = frozenset("nw123456789")
"""The keys that do something with the call on the desk."""


@click.command()
@click.option("--once", is_flag=True, help="Show what you have before you now, and end.")
@click.option(
    "--every",
    type=click.FloatRange(0.1, 60),
    default=0.5,
    show_default=True,
    metavar="SECONDS",
    help="How often to look.",
)
@click.option("--agent", "agent_", metavar="AGENT", help="Somebody else's; default: yours.")
@as_json
def desk(once: bool, every: float, agent_: str | None, json_: bool) -> None:
    """See who rings as it rings, and do what is to be done with one key each.

    n: whoever rings is new, and kept with the number; 1-9: it is this one; w: sum the call up; p: pause, b: back;
    q: quit.
    """
    from crmcore.api import here, session
    from crmcore_callcenter.agents.naming import agent_named, own_agent

    with session() as s:
        with s.read() as reader:
            key = agent_named(reader, agent_) if agent_ else own_agent(reader)
            zone = here(reader).zone
        if once or json_ or not (sys.stdin.isatty() and sys.stdout.isatty()):
            show(s, agent_id=key, json_=json_)
            return
        _live(_Desk(s, key, zone), every)


def _live(one: "_Desk", every: float) -> None:
    from crmcore_callcenter.desk.keys import keys

    with keys(sys.stdin.fileno()) as keyboard:
        click.echo(_keys())
        one.look()
        while (key := keyboard.pressed(every)) not in ("q", ""):
            if key is not None:
                one.do(key, keyboard)
            one.look()


@define
class _Desk:
    """What an agent has before them, as it was shown last."""

    s: "Session"
    agent_id: int
    zone: Any
    present: "Present | None" = None
    ring: "Ring | None" = None
    has_looked: bool = field(default=False)

    def look(self, *, again: bool = False) -> None:
        """Show the call on the desk where it is another, or stands otherwise, than it was shown: one statement."""
        from crmcore_callcenter.desk import telling
        from crmcore_callcenter.desk.present import present
        from crmcore_callcenter.desk.ringing import ring

        with self.s.app.read(self.s.actor) as reader:
            found = present(reader, self.agent_id)
            if self.has_looked and found == self.present and not again:
                return
            before, self.present, self.has_looked = self.present, found, True
            is_same = found is not None and before is not None and found.call_id == before.call_id and not again
            if found is not None and not is_same:
                self.ring = ring(self.s.app, reader, found.call_id)
        if found is None or self.ring is None:
            self.ring = None
            click.echo(_("Nothing rings."))
        elif is_same:
            click.echo(_("Call {id}: {state}").format(id=found.call_id, state=_(found.state)))
        else:
            click.echo("\a", nl=False)
            for line in telling.lines(self.ring, found.state, self.zone):
                click.echo(line)

    def do(self, key: str, keyboard: "Keys") -> None:
        """Do what a key means; what cannot be done is said, and the desk goes on."""
        from crmcore.api import CrmError

        try:
            if key == "p":
                self._say("paused")
            elif key == "b":
                self._say("available")
            elif key not in _OF_A_CALL:
                click.echo(_keys())
            elif self.present is None or self.ring is None:
                click.echo(_("Nothing rings."))
            elif key == "n":
                self._new(self.present.call_id, keyboard)
            elif key == "w":
                self._wrap(self.present.call_id, keyboard)
            elif int(key) <= len(self.ring.matches):
                self._is(self.present.call_id, int(key) - 1)
            else:
                click.echo(_keys())
        except CrmError as error:
            click.echo(str(error))

    def _say(self, state: str) -> None:
        from crmcore_callcenter.agents.presence import say

        with self._write() as tx:
            say(tx, self.agent_id, state)
        click.echo(_(state))

    def _new(self, call_id: int, keyboard: "Keys") -> None:
        from crmcore_callcenter.desk.choosing import add, rename

        with self._write() as tx:
            made = add(tx, call_id)
            key, name = made.id, made.name
        click.echo(_("New: {name}, contact {id}.").format(name=name, id=key))
        if not any(character.isalpha() for character in name):
            typed = _asked(keyboard, _("Name"))
            if typed:
                with self._write() as tx:
                    rename(tx, key, typed)
        self.look(again=True)

    def _is(self, call_id: int, place: int) -> None:
        from crmcore_callcenter.desk.choosing import is_one

        if self.ring is not None:
            with self._write() as tx:
                is_one(tx, call_id, self.ring.matches[place])
            self.look(again=True)

    def _wrap(self, call_id: int, keyboard: "Keys") -> None:
        from crmcore.api import deliver
        from crmcore_callcenter.agents.naming import wrap_code_named
        from crmcore_callcenter.desk.wrapping import Said

        with self.s.app.read(self.s.actor) as reader:
            codes = _codes(reader)
        click.echo("  ".join(codes))
        code = _asked(keyboard, _("Wrap-up code"))
        with self.s.app.read(self.s.actor) as reader:
            key = wrap_code_named(reader, code) if code else None
            questions = _questions(reader, key)
        note = _asked(keyboard, _("Note"))
        answers = {name: _asked(keyboard, label) for name, label in questions}
        said = Said(code_id=key, note=note or None, answers={name: text for name, text in answers.items() if text})
        done = sum_up(self.s, call_id, said)
        deliver(self.s.app, seconds=_TELLING)
        click.echo(_("Call {id} is summed up: {code}").format(id=call_id, code=code or _("no code")))
        tell_what_followed(done)

    @contextmanager
    def _write(self) -> "Iterator[Transaction]":
        """Write in the agent's name; who listens, such as service, is told at once: a desk is open all day."""
        from crmcore.api import deliver

        with self.s.write() as tx:
            yield tx
        deliver(self.s.app, seconds=_TELLING)


def _keys() -> str:
    return _("n new · 1-9 it is this one · w sum up · p pause · b back · q quit")


def _codes(reader: Any) -> list[str]:
    """Return the wrap-up codes in use, as they are typed."""
    from sqlalchemy import select

    from crmcore_callcenter.tables import wrap_code

    w = wrap_code.c
    return [
        row.code or row.name for row in reader.rows(select(w.code, w.name).where(w.active).order_by(w.id).limit(50))
    ]


def _questions(reader: Any, code_id: int | None) -> list[tuple[str, str]]:
    """Return what the form of a code asks beside what was said: (name, label)."""
    from sqlalchemy import select

    from crmcore.api import forms
    from crmcore_callcenter.tables import wrap_code

    name = reader.value(select(wrap_code.c.form).where(wrap_code.c.id == code_id)) if code_id is not None else ""
    asked = (question for form in forms(reader) if form.name == name for question in form.questions)
    return [(one.name, one.label) for one in asked if one.name != "text"]


def _asked(keyboard: "Keys", label: str) -> str:
    with keyboard.line():
        click.echo(f"{label}: ", nl=False)
        return sys.stdin.readline().strip()
