"""The facts of delivery and disposition reports (RFC 3464, 8098) and spam reports (RFC 5965)."""

from typing import cast

from crmcore.formats.mail.headers import Mail, canonical_name, fields, ids, text_of
from crmcore.formats.mail.mime import content, enclosed, is_report, leaves, parse


def report_facts(message: Mail) -> dict[str, str]:
    """Return the fields of the reports in a message by name (Final-Recipient, Action, Status, ...).

    Where a report speaks of several recipients, line n of each field is about recipient n; a field that one recipient
    lacks has an empty line there. Fields about the whole message have one line. Original-Message-ID is the id of the
    message reported on, also where only its returned copy or head says so.
    """
    facts: dict[str, str] = {}
    for part in leaves(message):
        if not is_report(part):
            continue
        groups = [group for group in _groups(part) if group]
        recipients = [group for group in groups if "Final-Recipient" in group or "Action" in group]
        for group in groups:
            if group not in recipients:
                facts |= group
        for name in dict.fromkeys(name for group in recipients for name in group):
            facts[name] = "\n".join(group.get(name, "") for group in recipients)
    if "Final-Recipient" in facts and not facts.get("Original-Message-ID"):
        returned = (inner for part in leaves(message) for inner in _returned(part))
        found = ids(value for inner in returned for value in fields(inner, "Message-ID"))
        facts |= {"Original-Message-ID": found[0]} if found else {}
    return facts


def _returned(part: Mail) -> list[Mail]:
    head = part.get_content_type() in {"text/rfc822-headers", "text/rfc822-header"}
    return [parse(content(part))] if head else enclosed(part)


def _groups(part: Mail) -> list[dict[str, str]]:
    if part.is_multipart():
        blocks = cast(list[Mail], part.get_payload())
    else:
        blocks = [parse(block + b"\n\n") for block in content(part).replace(b"\r\n", b"\n").split(b"\n\n")]
    return [{canonical_name(name): text_of(value) for name, value in block.items()} for block in blocks]
