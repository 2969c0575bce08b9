"""The adapters: one module for each way of reaching a system."""
