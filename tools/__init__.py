"""Set-up and the words a user types. What runs before there is a virtual environment needs no package."""
