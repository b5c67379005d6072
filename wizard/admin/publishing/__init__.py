"""From a draft to a publication: compare, replay, publish, schedule, roll back."""
