"""Answers from earlier solved tickets and from knowledge; what is solved without an engineer."""
