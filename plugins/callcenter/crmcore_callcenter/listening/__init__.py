"""Listening to telephone systems, over the network and by what they post."""
