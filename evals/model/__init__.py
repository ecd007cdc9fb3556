"""A model server of our own on loopback, and what must hold whatever a model does: proofs, cassettes, measurements."""
