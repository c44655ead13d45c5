"""Files that instructors give for steps: taken in, looked into, kept, handed out and cleared away."""
