"""Recognition of identities, measured on text that its author wrote after freezing it."""
