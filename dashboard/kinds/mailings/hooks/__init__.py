"""What mail services tell afterwards: who could not be reached, and who called it spam."""
