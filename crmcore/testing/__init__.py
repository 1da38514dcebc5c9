"""A pytest plugin for authors of plugins: a workspace, its command line, its clock, its people, its deliveries."""
