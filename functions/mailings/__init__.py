"""Does what an operator asks of members' mail: invites those without a PIN, notes letters that came back."""
