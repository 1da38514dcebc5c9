"""`crm callcenter script take`: a file of answers."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore_callcenter.i18n import _


@click.command()
@click.argument("script_", metavar="SCRIPT")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "list_", metavar="LIST", help="The calling list on which they are.")
@click.option("--about", default="", metavar="TEXT", help="What it is for, such as a campaign; default: the list's.")
@click.option("--agent", metavar="LOGIN", help="Who asked where a row does not say; default: you.")
@as_json
def take(script_: str, file: Path, list_: str | None, about: str, agent: str | None, json_: bool) -> None:
    """Keep a file of answers: a row for each contact, a column for each question; “asked by” says who asked.

    Who is on a calling list by the script is done there. A wrong row is told, and holds up no other.
    """
    from collections import Counter

    from attrs import evolve

    from crmcore.api import here, owner_named, print_json, session, tell
    from crmcore_callcenter.outbound.answering import answer
    from crmcore_callcenter.outbound.lists import list_named
    from crmcore_callcenter.scripts.editing import script_named
    from crmcore_callcenter.scripts.questions import asked, form_of
    from crmcore_callcenter.scripts.reading import answers_in
    from crmcore_callcenter.scripts.views import script_read

    with session() as s, s.write() as tx:
        script = script_read(tx, script_named(tx, script_))
        place, questions = here(tx), asked(script, form_of(tx, script))
        options = {"region": place.region, "zone": str(place.zone)}
        user_id = owner_named(tx, agent) if agent else s.actor.user_id or None
        found, rejected = answers_in(tx, file, questions, options, user_id)
        list_id = list_named(tx, list_) if list_ else None
        done = answer(tx, script, [evolve(one, about=about) for one in found], list_id)
    problems = [(one.said.line, one.problem) for one in done if one.problem]
    wrong = sorted([*problems, *((one.line, one.reason) for one in rejected)])
    results = Counter(one.result for one in done if not one.problem)
    if json_:
        print_json(
            {"kept": results.total(), "results": results,
             "rejected": [{"line": line, "reason": reason} for line, reason in wrong]}
        )  # fmt: skip
        return
    for line, reason in wrong:
        tell(_("{file}, line {line}: {reason}").format(file=file.name, line=line, reason=reason))
    click.echo(
        _("Kept {n}: {results}; {rejected} rejected.").format(
            n=results.total(),
            results=", ".join(f"{_(word) if word else '–'} {n}" for word, n in results.most_common()),
            rejected=len(wrong),
        )
    )
