"""Replay: what a plugin would have done, told the past in a sandbox copy of the workspace; nothing live is written."""
