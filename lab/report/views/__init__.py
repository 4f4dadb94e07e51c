"""What each section of the page shows, in words and figures, apart from how it looks."""
