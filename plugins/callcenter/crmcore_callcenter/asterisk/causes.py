"""Why ringing or a call ended, from Asterisk's numbers and words."""

_CAUSES = {
    "16": "cancelled",
    "17": "busy",
    "18": "no-answer",
    "19": "no-answer",
    "21": "rejected",
    "26": "elsewhere",
    "0": "cancelled",
    "127": "cancelled",
    "31": "cancelled",
    "": "cancelled",
}
"""Causes of ITU-T Q.850 (and Asterisk's own 26) of a leg that nobody answered; others are failures of the network."""

_STATUS = {
    "BUSY": "busy",
    "NOANSWER": "no-answer",
    "CANCEL": "cancelled",
    "ABORT": "cancelled",
    "DONTCALL": "rejected",
    "TORTURE": "rejected",
    "ANSWER": "answered",
    "CONTINUE": "cancelled",
    "GOTO": "cancelled",
}


def of_status(status: str) -> str:
    """Return the reason for a DIALSTATUS (https://docs.asterisk.org, application Dial)."""
    return _STATUS.get(status.upper(), "failed")


def of_leg(cause: str) -> str:
    """Return why a leg stopped ringing, from its cause of hang-up."""
    return _CAUSES.get(cause, "failed")


def of_call(cause: str, *, reached: bool, opened: bool, made: bool, last: str) -> str:
    """Return why a call ended, from the cause of its caller's leg.

    `reached`: whoever rang last talked; `opened`: the caller's leg was, by a queue or a menu, so that hanging up is
    the caller's own end of it. In a call the server `made` the caller's leg says nothing of the other side: there it
    counts why the `last` telephone stopped ringing ("" if none rang).
    """
    if reached:
        return "completed"
    reason = of_leg(cause)
    if made:
        if last in ("", "answered"):
            return "no-answer" if reason == "cancelled" else reason
        return last
    return "completed" if reason == "cancelled" and opened else reason
