"""The agent's desk: who rings, who it is, and how it ended."""
