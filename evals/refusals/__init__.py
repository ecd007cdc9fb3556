"""What must be declined, measured on sets written blind."""
