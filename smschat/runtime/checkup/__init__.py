"""What `smschat doctor` looks at: each part of the set-up for real, one file each, in the order of `course`.

The rule: nothing is changed. No SMS is sent, no callback registered, no store made; a callback that comes while the
listener is up for the look is kept as any other.
"""
