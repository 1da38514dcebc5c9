"""Words that are stored as they are and translated where they are shown; this list is read by `make messages` only."""

from collections.abc import Callable


def words(_: Callable[[str], str]) -> list[str]:
    """Return all of them."""
    return [
        # States of calls, agents, callbacks and entries of lists
        _("ringing"), _("queued"), _("talking"), _("held"), _("ended"),
        _("available"), _("wrapping"), _("paused"), _("offline"),
        _("open"), _("closed"), _("done"), _("given_up"), _("waiting"), _("calling"), _("skipped"), _("exhausted"),
        # Directions, and how calls ended
        _("in"), _("out"), _("internal"),
        _("completed"), _("answered"), _("busy"), _("no-answer"), _("cancelled"), _("rejected"), _("failed"),
        _("elsewhere"), _("unknown"), _("attended"), _("blind"), _("blonde"),
        # What wrap-up codes mean
        _("resolved"), _("reached"), _("not_reached"), _("refused"), _("wrong_number"), _("callback"),
        # What lists are for, kinds of questions, and what forms of others make of answers
        _("sales"), _("marketing"), _("service"), _("transactional"),
        _("text"), _("number"), _("money"), _("date"), _("yes_no"), _("choice"),
        _("now"), _("later"), _("none"), _("opened"), _("joined"), _("lead"), _("unfinished"),
        _("no_answer"), _("voicemail"),
        # What is said against a number
        _("shared"),
        # What ends a callback
        _("they called again and were answered"), _("we called and they answered"),
        _("they did not give up after all"),
        # Records
        _("callcenter_call"), _("callcenter_call_queue"), _("callcenter_call_agent"), _("callcenter_queue_member"),
        _("callcenter_wrap_code"), _("callcenter_callback"), _("callcenter_script"), _("callcenter_calling_list"),
        _("callcenter_list_entry"), _("callcenter_script_run"), _("callcenter_phone_line"),
    ]  # fmt: skip
