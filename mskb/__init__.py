"""The project: settings, addresses, and the commands that start everything."""
