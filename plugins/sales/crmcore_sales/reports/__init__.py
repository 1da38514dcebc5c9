"""Reports: a table or a plot in the terminal, or a file to pass on."""
