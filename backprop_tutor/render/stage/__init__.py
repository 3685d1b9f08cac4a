"""The stage that pictures at larger scales stand on: its bands, display list, caption, legend, wires."""
