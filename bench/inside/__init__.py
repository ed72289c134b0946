"""What runs inside the measured processes: it imports the standard library, and packages of the artifact."""
