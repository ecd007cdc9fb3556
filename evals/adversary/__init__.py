"""An understanding that works for the attacker, and what must hold although it does."""
