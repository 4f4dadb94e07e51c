"""An application of someone else's: in Falcon, and knowing nothing of Parallax."""
