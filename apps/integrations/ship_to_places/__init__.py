"""Where ship-tos are, from a sheet: read, looked through, put live.

1. A row names an account, or a ship-to, or both, and a latitude and a longitude in degrees. An account alone is its
   default ship-to, a code alone the one ship-to that has it.
2. Nothing is kept before somebody says so: the page shows what would change, what stays, and each row that is refused
   with its line and why. What is put live is checked again.
3. It is not undone: coordinates are facts, and a better sheet replaces them.
"""
