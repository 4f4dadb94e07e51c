"""Zones, and the routes that lead from their host names to scripts."""
