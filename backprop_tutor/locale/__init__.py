"""The catalogues of sentences: one folder a language, and the tools that keep them.

`python -m backprop_tutor.locale` says what there is to do. A language is a file
`<language>/LC_MESSAGES/backprop_tutor.po` beside this one, compiled to `.mo`; nothing else is needed.
"""
