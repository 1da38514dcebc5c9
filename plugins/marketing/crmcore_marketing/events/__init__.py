"""Events that people register for: seats, a waiting list, confirmations, reminders, and who came (row S1-V18)."""
