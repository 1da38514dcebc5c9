"""Coverage: how many of those whom marketing reached somebody of sales already talks to."""
