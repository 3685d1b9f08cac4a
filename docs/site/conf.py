"""What Sphinx is told: Markdown pages, one theme, nothing from the network."""

project = "backprop_tutor"
author = "The backprop_tutor authors"
extensions = ["myst_parser"]
myst_heading_anchors = 3
myst_links_external_new_tab = False
html_theme = "furo"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
highlight_language = "text"
html_title = "backprop_tutor"
html_show_sourcelink = False
html_show_copyright = False
exclude_patterns = ["schemas"]
nitpicky = True
