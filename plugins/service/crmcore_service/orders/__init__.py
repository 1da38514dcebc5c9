"""Work orders: visits on site, technicians, skills, places, parts."""
