"""Worker scripts: upload, settings, content, versions, and the workers.dev subdomain."""
