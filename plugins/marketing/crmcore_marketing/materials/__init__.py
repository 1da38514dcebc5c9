"""Materials, such as brochures: who gave which to whom, and that nobody gets the same again too soon."""
