"""The catalogue filled from a supplier's file: looked through first, put live in parts, undone where need be.

1. Read: csv, xlsx or BMEcat become articles: what each says of a product, in the file's words. (`sheets`, `bmecat`)
2. Understand: the texts become facts in the catalogue's own form; what cannot be read with certainty puts the row into
   quarantine with its reason. (`understanding`, `values`, `units`, `features`)
3. Stage: each row is kept with what it would change, fact by fact: new, changed, unchanged. (`staging`, `comparing`)
4. Check: a SKU that stands twice, relations to what this very file brings, products that are gone. (`checking`)
5. Commit, when somebody said so: what is good goes live, a chunk a transaction, compared again under lock; the old
   values are kept with each row. (`committing`, `writing`)
6. Undo, when somebody said so: the old values come back, except where a fact was changed since. (`undoing`)

Each step notes how far it came, so that a run that was killed goes on where it stopped (`runs`). The same file twice
changes nothing.
"""
