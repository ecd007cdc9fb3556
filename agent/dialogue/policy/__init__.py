"""The practice's and Careline's rules as pure functions: no await, no I/O, no vendor."""
