"""`make rapport`: what visitors asked in a period, what they got, and what to do about what they did not get."""
