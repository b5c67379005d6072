"""What authors do with a guide, whatever the door: drafts, checks, publications, replays."""
