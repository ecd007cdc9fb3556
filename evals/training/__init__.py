"""Trainers of the local models. Development only: they need scikit-learn."""
