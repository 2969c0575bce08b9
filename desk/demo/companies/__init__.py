"""What each company's invented databases are filled with."""
