"""What a thing is called on screen. Each name stands here once, translatable."""
