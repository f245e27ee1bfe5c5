"""What every import has that somebody looks through before it is live.

    columns -> staging -> checking -> ready -> committing -> committed -> undoing -> undone

What waits for a person (columns, ready, committed) is moved on by `tell_columns` of the import, `approve` and `revoke`;
the steps between are `work`, which goes on where it stopped and may be called as often as one likes.

1. A file is read as rows of text, with nothing trusted about it. (`reading`, `files`, `values`)
2. A run is moved by compare-and-set, from step to step and from chunk to chunk. (`steps`)
3. What an import does at each step is its own: it says so in a `Course`. (`runs`)
4. Operations see it in the admin: upload, columns, what it would change, commit, undo. (`admin`, `forms`)
"""
