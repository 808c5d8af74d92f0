"""`make pret`: what is still missing before the assistant goes online, and a guided way to fill it in."""
