"""What calls come to: answer time, abandon rate, occupancy, first-contact resolution."""
