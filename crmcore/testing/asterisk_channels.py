"""The channels of an Asterisk of tests, as the messages it said so far make them."""

Message = dict[str, str]
"""A message of the Manager Interface: its headers."""


class Channels:
    """Which channels are alive after some messages."""

    def __init__(self) -> None:
        self.alive: dict[str, Message] = {}

    def hear(self, message: Message) -> None:
        """Take a message in."""
        event, uid = message.get("Event"), message.get("Uniqueid", "")
        if event == "Hangup":
            self.alive.pop(uid, None)
        elif event == "Newchannel":
            self.alive[uid] = dict(message)
        elif uid in self.alive:
            if event in ("Newstate", "NewCallerid", "NewConnectedLine", "NewAccountCode", "Newexten"):
                self.alive[uid].update(message)
            elif event == "BridgeEnter":
                self.alive[uid] |= {**message, "BridgeId": message["BridgeUniqueid"]}
            elif event == "BridgeLeave":
                self.alive[uid]["BridgeId"] = ""
            elif event == "Rename":
                self.alive[uid]["Channel"] = message["Newname"]

    def rows(self) -> list[Message]:
        """Return the channels as `Action: CoreShowChannels` lists them."""
        names = (
            "Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum",
            "ConnectedLineName", "AccountCode", "Context", "Exten", "Priority", "Uniqueid", "Linkedid", "BridgeId",
        )  # fmt: skip
        return [{name: one.get(name, "") for name in names} for one in self.alive.values()]
