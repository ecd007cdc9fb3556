"""The dialogue's ports over the clear ones. The only place that unmasks for the clear side."""
