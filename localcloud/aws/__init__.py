"""The local AWS: one front door, services of our own where Parallax leans on them, moto for the rest."""
