"""iCalendar (RFC 5545, 5546, 7986) and vCalendar 1.0: meetings, notes and tasks from calendar files.

A file becomes records in steps, each a module: `encoding` finds how the bytes are written, `lines` unfolds them,
`blocks` cuts them into components, `scope` knows what a whole calendar says, `properties` reads one content line,
`zones` and `times` turn what is written into instants, and `events` and `todos` make the records. `reader` puts them
together; `format` tells the importer.
"""
