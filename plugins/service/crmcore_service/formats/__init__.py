"""Files of other systems: cases and tickets."""
