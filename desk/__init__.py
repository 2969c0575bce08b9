"""The composition root: settings, wiring, web, worker, command line and the officers' console."""
