"""Both clouds on this machine: a cloud sees only what was deployed to it, and knows nothing else of Parallax."""
