"""The portable application: written once, against thin ports, knowing no cloud."""
