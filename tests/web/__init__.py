"""What the tests of the web side share: a front desk that follows a script, and a real server around it."""
