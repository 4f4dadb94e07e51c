"""The raw samples in a folder of results, and histograms of them that other tools read."""
