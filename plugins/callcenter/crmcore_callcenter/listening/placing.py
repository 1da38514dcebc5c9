"""Telling a telephone system to place a call: the agent's telephone rings, and dials when it is taken up."""

from crmcore.api import InvalidInput, secret_at
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.checking import converse
from crmcore_callcenter.listening.ear import Spec, said
from crmcore_callcenter.listening.event_socket import EventSocket
from crmcore_callcenter.listening.lines import ESL
from crmcore_callcenter.listening.manager import Manager
from crmcore_callcenter.listening.pace import Pace
from crmcore_callcenter.listening.talking import Broken, Wrong

RINGS = 30
"""Seconds for which the agent's own telephone rings."""


def originate(spec: Spec, key: str, *, channel: str, number: str, context: str, caller: str, pace: Pace) -> None:
    """Place a call whose first channel has the id `key`; raises `InvalidInput` where the system does not.

    Asterisk: the action Originate with a ChannelId; FreeSWITCH: `originate` with an origination_uuid.
    """
    password = secret_at(spec.password, spec.name)
    try:
        if spec.kind == ESL:
            _by_event_socket(spec, password, key, channel, number, context, caller, pace)
        else:
            _by_manager(spec, password, key, channel, number, context, caller, pace)
    except (Wrong, Broken, OSError) as error:
        raise InvalidInput(
            _("{line} does not place the call: {why}").format(line=spec.name, why=said(error))
        ) from error


def _by_manager(
    spec: Spec, password: str, key: str, channel: str, number: str, context: str, caller: str, pace: Pace
) -> None:
    talk = Manager(login=spec.login, password=password, correlator=None)
    answers: list[str] = []
    asked: list[str] = []

    def done() -> bool:
        if talk.ready and not asked:
            asked.append(
                talk.ask(
                    "Originate", Channel=channel, ChannelId=key, Context=context, Exten=number, Priority="1",
                    CallerID=f"<{caller}>", Timeout=str(RINGS * 1000), Async="true",
                )
            )  # fmt: skip
        found = talk.answer(asked[0]) if asked else None
        if found is not None and found["response"].lower() != "success":
            raise Broken(found.get("message", "") or found["response"])
        answers.extend(found or ())
        return bool(answers)

    converse(spec, talk, pace, done)


def _by_event_socket(
    spec: Spec, password: str, key: str, channel: str, number: str, context: str, caller: str, pace: Pace
) -> None:
    talk = EventSocket(login=spec.login, password=password, correlator=None)
    values = f"origination_uuid={key},origination_caller_id_number={caller},originate_timeout={RINGS}"
    words = f"bgapi originate {{{values}}}{channel} {number} XML {context}"
    asked: list[str] = []
    answers: list[str] = []

    def done() -> bool:
        if talk.ready and not asked:
            talk.ask(words)
            asked.append(words)
        found = talk.answer(words) if asked else None
        if found is not None and not found.startswith("+OK"):
            raise Broken(found.removeprefix("-ERR").strip())
        answers.extend([found] if found is not None else [])
        return bool(answers)

    converse(spec, talk, pace, done)
