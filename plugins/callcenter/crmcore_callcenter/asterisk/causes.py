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
