"""Business cards by the thousand: whom we know already, who is somebody's, and what is done with the rest."""
