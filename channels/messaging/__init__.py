"""What the messaging apps share: who writes, what came in already, how answers look and how they are sent."""
