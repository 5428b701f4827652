"""The truth about Sophia itself: for monitors, for operators, and for whoever keeps the machine."""
