"""Documents of invented companies in the kinds of file that are published, to read as a visitor would."""
