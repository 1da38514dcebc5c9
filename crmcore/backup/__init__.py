"""One file that holds a whole workspace, and what is needed to bring it back on either database."""
