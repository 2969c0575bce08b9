"""The privacy officers' pages."""
