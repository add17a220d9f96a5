"""Which texts repeat which: sections in, masked sentences, signatures, neighbours and shares out.

masking: a section's text -> its sentences without names, places, years, numbers
signing: masked sentences -> what candidates are found by
nearing: signatures of many texts -> pairs that may be alike, never all pairs of many equal ones
sharing: the sentences of two texts -> how much of each stands in the other
comparing: the same of many pairs at a time
finding: all of that over many texts -> neighbours of each, groups that share a text
"""
