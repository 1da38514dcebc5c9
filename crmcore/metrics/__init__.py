"""Figures (KPIs): declared once by the core and by plugins, computed in the database by shared dimensions."""
