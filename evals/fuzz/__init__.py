"""Long random runs. `careline test` runs a short seeded form of each."""
