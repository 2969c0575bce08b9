"""The commands of `rettsvar`, one module for each group."""
