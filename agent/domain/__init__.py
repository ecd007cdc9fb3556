"""The words all parts of Careline share. Standard library and pydantic only."""
