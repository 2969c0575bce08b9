"""Real mail servers for the suite: Dovecot and Postfix in folders of their own, on loopback, stopped by their pid."""
