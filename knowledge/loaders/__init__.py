"""Readers of the kinds of file that companies publish their documents in: HTML, PDF and DOCX."""
