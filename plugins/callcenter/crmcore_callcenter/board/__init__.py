"""The live board: queues, agents, and calls going on."""
