"""Processes at run time: records that go from state to state by defined ways, the budget of typing, the meter."""
