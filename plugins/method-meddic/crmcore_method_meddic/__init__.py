"""Sales method MEDDIC: metrics, economic buyer, criteria, process, pain, champion."""
