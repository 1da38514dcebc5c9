"""Files of other systems with campaigns, their members, and what was spent."""
