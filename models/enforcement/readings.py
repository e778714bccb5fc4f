"""The readings of the window to apply for enforcement: the periods at whose end it may open."""

from __future__ import annotations

APPLY = "ag.apply"
AFTER_REVIEW = "pt.sue_after_review"

READINGS = {
    "pt.sue_demolish": "自十五日起诉期满起算（《土地管理法》第八十三条）",
    "pt.review": "自六十日复议期满起算（行政复议法）",
    "pt.sue": "自一般起诉期限届满起算（行政诉讼法）",
    AFTER_REVIEW: "自收到复议决定后十五日起诉期满起算（《行政诉讼法》第四十五条）",
}
"""By the period whose end opens the window: how it is read."""
