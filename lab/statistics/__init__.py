"""Figures and their intervals, from raw samples."""
