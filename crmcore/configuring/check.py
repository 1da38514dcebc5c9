"""Checking what definitions mean together: names exist, conditions compile, no process is a trap."""

import re
from collections.abc import Collection, Iterable, Mapping

import attrs

from crmcore.configuring.check_calendars import calendar_problems
from crmcore.configuring.check_fields import field_problems
from crmcore.configuring.check_processes import process_problems
from crmcore.configuring.check_rules import automation_problems, role_problems, target_problems, term_problems
from crmcore.configuring.expressions import Problem, in_circle
from crmcore.configuring.known import Known
from crmcore.definitions.bodies import definitions as made
from crmcore.definitions.reading import Body, Named, Said
from crmcore.fields.computing import circle
from crmcore.i18n import _

_NAME = re.compile(r"\w[\w .-]{0,99}")


def check(
    bodies: Mapping[Named, Body], said: Mapping[Named, Said], known: Known, also: Collection[Named] = ()
) -> list[str]:
    """Return a sentence for everything that is wrong with a workspace's definitions as they would be.

    `said` are those from files, whose mistakes are told with file and line; `also` names those that are wrong in
    themselves, which others may use all the same.
    """
    definitions = made(bodies)
    roles = known.roles | {name for kind, name in also if kind == "role"}
    known = attrs.evolve(known, roles=roles)
    found: list[str] = []

    def tell(kind: str, name: str, problems: Iterable[Problem]) -> None:
        for keys, reason in problems:
            one = said.get((kind, name))
            found.append(one.problem(reason, *keys) if one else f"{kind}.{name}: {reason}")

    for kind, name in bodies:
        if not _NAME.fullmatch(name):
            tell(kind, name, [((), _("a name begins with a letter or digit; it has no more than 100 characters"))])
    for field in definitions.fields:
        tell("field", f"{field.entity}.{field.name}", field_problems(field, definitions, known))
    for entity in dict.fromkeys(one.entity for one in definitions.fields):
        if names := circle(definitions.fields_of(entity)):
            tell("field", f"{entity}.{names[0]}", [(("compute",), in_circle(names))])
    for process in definitions.processes:
        tell("process", process.name, process_problems(process, definitions, known))
    for automation in definitions.automations:
        tell("automation", automation.name, automation_problems(automation, definitions, known))
    for role in definitions.roles:
        tell("role", role.name, role_problems(role, definitions, known))
    for term in definitions.terms:
        tell("term", term.code, term_problems(term, definitions))
    for target in definitions.targets:
        tell("target", target.name, target_problems(target, known))
    for calendar in definitions.calendars:
        tell("calendar", calendar.name, calendar_problems(calendar))
    return found
