"""The website chat's pages and scripts, and the launcher a company puts on its own site."""
