"""A local stand-in for the part of the Graph API that Sophia uses, with a public wall. Development and tests only."""
