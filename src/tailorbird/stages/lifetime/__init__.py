"""What a person will still bring: purchases to come, and their worth."""
