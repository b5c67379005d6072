"""The tree of a guide as a picture, and as an outline."""
