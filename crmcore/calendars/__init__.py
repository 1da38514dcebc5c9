"""Business calendars: the hours in which a company works, holidays, make-up days, and time reckoned in them."""
