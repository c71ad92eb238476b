"""`ma-lint scan`: files of updates in, one file of results out, whatever their size (extra `arrow`).

input files -> units of work (`dividing`) -> rows (`jsonlines`, `csvs`, `parquets`) -> results, one part a unit
(`working`) -> the output, part behind part (`outputs`). What is done is kept in a folder beside the output
(`journal`) until the output is whole, so that a scan that was killed can go on.
"""
