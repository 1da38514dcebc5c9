"""Why a leg ended, from FreeSWITCH's hang-up causes."""

_CAUSES = {
    "": "cancelled",
    "NONE": "cancelled",
    "SUCCESS": "cancelled",
    "NORMAL_CLEARING": "cancelled",
    "NORMAL_UNSPECIFIED": "cancelled",
    "ORIGINATOR_CANCEL": "cancelled",
    "MANAGER_REQUEST": "cancelled",
    "BLIND_TRANSFER": "cancelled",
    "ATTENDED_TRANSFER": "cancelled",
    "USER_BUSY": "busy",
    "NO_ANSWER": "no-answer",
    "NO_USER_RESPONSE": "no-answer",
    "ALLOTTED_TIMEOUT": "no-answer",
    "PROGRESS_TIMEOUT": "no-answer",
    "CALL_REJECTED": "rejected",
    "LOSE_RACE": "elsewhere",
    "PICKED_OFF": "elsewhere",
}
"""Causes of a leg that nobody answered; others are failures
(https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Troubleshooting-Debugging/Hangup-Cause-Code-Table_3964945/)."""


def of_leg(cause: str) -> str:
    """Return why a leg stopped ringing, from its Hangup-Cause."""
    return _CAUSES.get(cause, "failed")
