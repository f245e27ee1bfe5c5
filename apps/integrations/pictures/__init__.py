"""Pictures of products, taken in: what each file is, is decided by its content, never by its name.

1. An archive is refused before it is unpacked where it holds too much; each file is read to a limit of its own.
2. A file is opened as a picture of a known kind, its size in pixels checked before it is decoded, and written
   anew: what else it held (scripts, comments, places) is gone. An SVG is no such picture. (`making`)
3. It is kept in two sizes, and given to the products it names: by SKU, or as the rows of an import say. (`batches`)
"""
