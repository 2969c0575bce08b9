"""What the documents say: passages, ranking, and answers with citations."""
