"""What ties an application to a cloud, counted."""
