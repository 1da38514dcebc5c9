"""Words that are stored as they are and translated where they are shown; this list is read by `make messages` only.

Beside them the phrases of click that help and refusals are made of.
"""

from collections.abc import Callable


def words(_: Callable[[str], str]) -> list[str]:
    """Return all of them."""
    return [
        # Records and their parts
        _("contact"), _("customer"), _("interaction"), _("task"), _("promise"), _("user"), _("position"),
        # Ways to reach somebody
        _("email"), _("phone"), _("fax"), _("messenger"), _("address"), _("url"), _("stale"), _("invalid"),
        _("bounced"), _("mobile"), _("work"), _("home"), _("main"),
        # Channels
        _("call"), _("meeting"), _("visit"), _("chat"), _("letter"), _("note"), _("follow-up"),
        # States
        _("open"), _("done"), _("kept"), _("broken"), _("cancelled"), _("tentative"), _("confirmed"), _("distinct"),
        _("merged"), _("left"), _("overdue"), _("today"), _("this week"), _("later"), _("due"), _("preference"),
        # Topics of promises
        _("delivery"), _("quote"), _("discount"), _("installation"), _("payment"), _("document"), _("other"),
        _("{n} day"), _("{n} days"), _("{n} working day"), _("{n} working days"), _("{n} week"), _("{n} weeks"),
        _("{n} month"), _("{n} months"), _("{n} year"), _("{n} years"),
        # Wishes, purposes of consent
        _("quiet_hours"), _("channel"), _("taste"), _("language"), _("sales"), _("marketing"), _("service"),
        _("transactional"),
        # How what was said stands to an act
        _("decides"), _("overruled"), _("ended"), _("holds"), _("other channel"), _("other purpose"), _("other time"),
        # What customers are
        _("individual"), _("supplier"), _("partner"), _("prospect"),
        # Imports
        _("created"), _("updated"),
        # Evidence for duplicates
        _("given name"), _("family name"), _("name"), _("characters"), _("organisation"), _("birthday"),
        _("identifier"), _("street"), _("house number"), _("further address"), _("city"), _("postcode"), _("region"),
        _("country"),
        # Fields, as cards show them
        _("id"), _("kind"), _("roles"), _("role"), _("parent"), _("given"), _("family"), _("additional"), _("prefix"),
        _("suffix"), _("zone"), _("owner"), _("private"), _("external_ids"), _("login"), _("department"), _("team"),
        _("manager"), _("skills"), _("active"), _("version"), _("status"), _("subject"), _("sentence"), _("topic"),
        _("amount"), _("unit"), _("external_id"), _("source"), _("closed_at"), _("created_at"), _("updated_at"),
        _("by"), _("owner_id"), _("contact_id"), _("customer_id"), _("user_id"), _("manager_id"),
        _("interaction_id"), _("direction"), _("at"), _("day"), _("seconds"), _("location"), _("body"), _("quoted"),
        _("origin"), _("thread"), _("hidden"), _("participants"), _("attachments"), _("details"), _("state"),
        _("summary"), _("title"), _("requires"), _("required_by"), _("tables"), _("hooks"), _("reason"),
        _("no cause"),
        # Rules of conformance, their levels and what came of them
        _("bronze"), _("silver"), _("gold"), _("held"), _("violated"), _("unasked"),
        _("is installed, fits this crmcore, and loads"), _("says what it is and needs"),
        _("implements hooks that exist"), _("imports only what is public"), _("loads in 150 ms, and help in none"),
        _("has tables and revisions of its own, in one line"), _("migrates up, down and up again"),
        _("has the tables it declares"), _("declares what holds together"), _("contributes nothing when disabled"),
        _("leaves nothing when purged"), _("follows a merge with every row"), _("forgets an erased person"),
        _("keeps what can be read without it"), _("hears an event twice as once"),
        _("works alone, and beside one that crashes"), _("asks as often for 100,000 rows as for two"),
        _("says its types, and they are right"), _("tells what it does"),
        # click
        _("Aborted!"), _("Usage:"), _("Options"), _("Commands"), _("Show this message and exit."),
        _("Show the version and exit."),
        _("Error: {message}"), _("Try '{command} {option}' for help."), _("default: {default}"), _("required"),
        _("No such command {name!r}."), _("No such option {name!r}."), _("Missing argument"), _("Missing option"),
        _("Missing command."), _("Invalid value: {message}"), _("Invalid value for {param_hint}: {message}"),
        _("{value!r} is not a valid {number_type}."), _("{value} is not in the range {range}."),
        _("{value!r} is not one of {choices}."), _("Option {name!r} does not take a value."),
    ]  # fmt: skip
