"""A FreeSWITCH that says what a recording says: a real server in the event socket's framing, that is cut off at will.

It goes on where it was when somebody connects again, as the Asterisk beside it does. A real one forgets what it told
nobody; that it may begin earlier (`overlap`) is for those who would take what they hear twice for new.
"""

import json
import socket
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from crmcore.testing import asterisk_server as common
from crmcore.testing.asterisk_channels import Message

_COLUMNS = (
    "uuid", "direction", "created", "created_epoch", "name", "state", "cid_name", "cid_num", "ip_addr", "dest",
    "application", "application_data", "dialplan", "context", "read_codec", "read_rate", "read_bit_rate", "write_codec",
    "write_rate", "write_bit_rate", "secure", "hostname", "presence_id", "presence_data", "accountcode", "callstate",
    "callee_name", "callee_num", "callee_direction", "call_uuid", "sent_callee_name", "sent_callee_num",
    "initial_cid_name", "initial_cid_num", "initial_ip_addr", "initial_dest", "initial_dialplan", "initial_context",
)  # fmt: skip
"""The table of channels that FreeSWITCH lists (switch_core_sqldb.c), whose values are texts, empty where not known."""

_CALLSTATES = {
    "CHANNEL_PROGRESS": "RINGING", "CHANNEL_PROGRESS_MEDIA": "EARLY", "CHANNEL_ANSWER": "ACTIVE",
    "CHANNEL_PARK": "ACTIVE", "CHANNEL_HOLD": "HELD", "CHANNEL_UNHOLD": "UNHELD",
}  # fmt: skip


def framed(event: Message) -> bytes:
    """Return an event as FreeSWITCH sends it: its headers percent-encoded, with the length of all of it before."""
    headers = {name: value for name, value in event.items() if name != "_body"}
    lines = "".join(f"{name}: {quote(value, safe=',/()@+*')}\n" for name, value in headers.items())
    if "_body" in event:
        lines += f"Content-Length: {len(event['_body'].encode())}\n\n{event['_body']}"
    else:
        lines += "\n"
    body = lines.encode()
    return b"Content-Length: %d\nContent-Type: text/event-plain\n\n%s" % (len(body), body)


def rows(events: Sequence[Message]) -> list[Message]:
    """Return the channels as `show channels as json` lists them after some events.

    A leg made for another has its call from the beginning, one that calls in once it is bridged; whoever leaves a
    bridge is alone again, and so are those that ring for it. A leg that is hung up is listed until all is told of it.
    """
    table: dict[str, Message] = {}
    for event in events:
        uid, name, call = event.get("Unique-ID", ""), event.get("Event-Name", ""), event.get("Channel-Call-UUID", "")
        if name == "CHANNEL_HANGUP_COMPLETE":
            table.pop(uid, None)
        elif uid and uid not in table and name not in ("CHANNEL_HANGUP", "RECORD_STOP"):
            table[uid] = _row(event)
        if uid in table:
            table[uid]["callstate"] = _CALLSTATES.get(name, table[uid]["callstate"])
            if name == "CHANNEL_BRIDGE":
                for end in (event["Bridge-A-Unique-ID"], event["Bridge-B-Unique-ID"]):
                    table.get(end, {})["call_uuid"] = call
            elif name == "CHANNEL_UNBRIDGE":
                for row in table.values():
                    row["call_uuid"] = row["uuid"] if row["call_uuid"] == call else row["call_uuid"]
    return list(table.values())


def _row(event: Message) -> Message:
    """Return what is known of a channel when it is made."""
    caller, number = event.get("Caller-Caller-ID-Name", ""), event.get("Caller-Caller-ID-Number", "")
    dialled = event.get("Caller-Destination-Number", "")
    inbound = event.get("Call-Direction") == "inbound"
    return {
        **dict.fromkeys(_COLUMNS, ""),
        "uuid": event["Unique-ID"], "direction": event.get("Call-Direction", ""), "name": event.get("Channel-Name", ""),
        "created_epoch": event.get("Caller-Channel-Created-Time", "")[:-6], "state": "CS_EXECUTE",
        "callstate": "RINGING" if inbound else "DOWN", "call_uuid": "" if inbound else event["Channel-Call-UUID"],
        "cid_name": caller, "cid_num": number, "dest": dialled,
        "initial_cid_name": caller, "initial_cid_num": number, "initial_dest": dialled,
    }  # fmt: skip


class TelephoneSystem(common.TelephoneSystem):
    """Serves events as an Asterisk does messages.

    Which channels are alive it knows `late`, by that many events (what it writes down it writes down together), but
    not as late as the last that somebody heard before a cut, or when it was asked the last time.
    """

    kind, name, login = "esl", "freeswitch", ""

    def __init__(self, messages: Sequence[Message], *, late: Callable[[], int] = lambda: 0, **more: Any) -> None:
        super().__init__(messages, **more)
        self.said_to_it: list[str] = []
        self._late, self._known = late, 0

    def conversation(self, connection: socket.socket) -> "Conversation":
        """Return a conversation with one who connected."""
        return Conversation(self, connection)

    def resume(self) -> None:
        """Go on where it was, or some events earlier or later."""
        self._known = self._reached
        super().resume()

    def rows(self) -> tuple[list[Message], bool]:
        """Return the channels that are alive, as it knows them when it is asked, and whether that is the truth."""
        listed = rows(self.messages[: max(self._known, self._reached - self._late())])
        self._known = self._reached
        return listed, listed == rows(self.messages[: self._reached])


class Conversation(common.Conversation):
    """What is said to one who connected; raises `ConnectionAbortedError` where it ends."""

    ends = b"\n\n"
    _system: TelephoneSystem

    def greet(self) -> None:
        """Ask who is there."""
        self._send(b"Content-Type: auth/request\n\n")

    def framed(self, message: Message) -> bytes:
        """Return an event as it is sent."""
        return framed(message)

    def _act(self, words: str) -> None:
        system = self._system
        system.said_to_it.append(words)
        if words.startswith("auth "):
            self._allowed = words == f"auth {system.secret}"
            self._reply("+OK accepted" if self._allowed else "-ERR invalid")
            if not self._allowed:
                system.refused += 1
                raise ConnectionAbortedError
        elif not self._allowed:
            self._reply("-ERR command not found")
        elif words.startswith("event plain "):
            self._begin()
            self._reply("+OK event listener enabled plain")
        elif words == "api show channels as json":
            self._tell_alive()
        elif words.startswith("api "):
            self._answer_with("0 years, 0 days, 1 hour")
        elif words.startswith("bgapi "):
            self._reply("+OK Job-UUID: 7f4d\nJob-UUID: 7f4d")
        else:
            self._reply("-ERR command not found")

    def _reply(self, words: str) -> None:
        self._send(f"Content-Type: command/reply\nReply-Text: {words}\n\n".encode())

    def _answer_with(self, words: str) -> None:
        body = words.encode()
        self._send(b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(body), body))

    def _tell_alive(self) -> None:
        """List the channels; all was heard where one who was told everything hears the truth."""
        system = self._system
        alive, is_true = system.rows()
        self._answer_with(json.dumps({"row_count": len(alive), **({"rows": alive} if alive else {})}))
        if is_true and not (system.has_more or system.stays):
            system.finished.set()
