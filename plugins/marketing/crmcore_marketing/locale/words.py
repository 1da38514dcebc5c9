"""Words that are stored as they are and translated where they are shown; this list is read by `make messages` only."""

from collections.abc import Callable


def words(_: Callable[[str], str]) -> list[str]:
    """Return all of them."""
    return [
        # States of campaigns, members, mailings, messages, registrations
        _("planned"), _("active"), _("completed"), _("cancelled"), _("sent"), _("responded"), _("registered"),
        _("attended"), _("no_show"), _("draft"), _("queued"), _("paused"), _("deferred"), _("sending"), _("failed"),
        _("skipped"), _("unknown"), _("waiting"), _("held"),
        # How people met campaigns, and by which channel
        _("click"), _("visit"), _("form"), _("material"), _("answer"), _("member"), _("qualified"),
        _("email"), _("call"), _("event"), _("web"), _("letter"), _("meeting"),
        # Types of campaigns, and what they count
        _("exhibition"), _("lecture"), _("seminar"), _("roadshow"), _("visit drive"), _("telemarketing"), _("list"),
        _("visitors"), _("cards"), _("attendees"), _("visits"), _("met"), _("calls"), _("reached"),
        # What became of mails
        _("bounced"), _("clicked"), _("replied"),
        # Kinds of mail that came back
        _("bounce"), _("delay"), _("reply"), _("auto_reply"), _("unsubscribe"), _("calendar"), _("complaint"),
        _("other"),
        # Results of qualification
        _("now"), _("later"), _("none"),
        # Goals and results of programmes
        _("keep"), _("develop"), _("win"), _("kept"), _("lost"), _("developed"), _("won"), _("moved"),
        # What reports are by
        _("campaign"), _("type"), _("channel"), _("product"), _("programme"),
        # Sentiments
        _("positive"), _("neutral"), _("negative"),
    ]  # fmt: skip
