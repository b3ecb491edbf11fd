"""How staff sign in: password, second factor, sessions, and what protects them from people who guess."""
