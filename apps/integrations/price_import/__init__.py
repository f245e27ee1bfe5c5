"""List prices from a file of any size: staged, compared with what holds, committed from a day, undone where need be."""
