"""The portal hook: an HTTP service that checks requests while they are pasted, started by `ma-lint serve`.

It needs the extra `portal`. Everything it says of a text comes from the library; what is here brings texts in, keeps
bad weather out (`guard`, `protocol`) and shows what was found (`static/`).
"""
