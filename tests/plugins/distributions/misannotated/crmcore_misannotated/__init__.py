"""Its functions are annotated for other arguments."""
