"""The two themes; every text colour reaches a contrast of 4.5 : 1 on every ground it is painted on (WCAG AA)."""

from __future__ import annotations

from textual.theme import Theme

# Names beside Textual's own that the stylesheets use; the same set in both themes.
GROUNDS = ("background", "surface", "panel", "cursor-blurred")
INKS = ("foreground", "primary", "muted", "good", "warn", "bad", "match", "heading", "code", "link")

DARK = Theme(
    name="studytui-dark",
    dark=True,
    primary="#86b8f5",
    secondary="#a9b8cf",
    accent="#e8c46b",
    foreground="#e4e6ea",
    background="#15171c",
    surface="#1b1e25",
    panel="#232731",
    success="#82cf94",
    warning="#e6b35c",
    error="#f28b8b",
    variables={
        "muted": "#9aa3b2",
        "good": "#82cf94",
        "warn": "#e6b35c",
        "bad": "#f28b8b",
        "match": "#ffd866",
        "heading": "#9fc6fa",
        "code": "#d8b4f0",
        "link": "#7fc8d8",
        "rule": "#3c4454",
        "cursor": "#2f5d94",
        "cursor-text": "#ffffff",
        "cursor-blurred": "#2b303b",
        "border": "#86b8f5",
        "border-blurred": "#3c4454",
        "scrollbar": "#3c4454",
        "scrollbar-background": "#1b1e25",
        "block-cursor-background": "#2f5d94",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "input-selection-background": "#2f5d94",
        "screen-selection-background": "#2f5d94",
    },
)

LIGHT = Theme(
    name="studytui-light",
    dark=False,
    primary="#134f94",
    secondary="#44546a",
    accent="#7a4d00",
    foreground="#1d2126",
    background="#faf9f5",
    surface="#f3f1ea",
    panel="#e9e6dc",
    success="#1c5f30",
    warning="#7a4a00",
    error="#a3211b",
    variables={
        "muted": "#565e6b",
        "good": "#1c5f30",
        "warn": "#7a4a00",
        "bad": "#a3211b",
        "match": "#8a3c00",
        "heading": "#134f94",
        "code": "#6b2f8f",
        "link": "#0b5a6b",
        "rule": "#c4bfae",
        "cursor": "#134f94",
        "cursor-text": "#ffffff",
        "cursor-blurred": "#dedaca",
        "border": "#134f94",
        "border-blurred": "#c4bfae",
        "scrollbar": "#c4bfae",
        "scrollbar-background": "#f3f1ea",
        "block-cursor-background": "#134f94",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "input-selection-background": "#b9d0ee",
        "screen-selection-background": "#b9d0ee",
    },
)

THEMES = {"dark": DARK, "light": LIGHT}
