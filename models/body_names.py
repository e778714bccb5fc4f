"""What the name of a body says: what sort of body it is, and where one name of several ends."""

from __future__ import annotations

import re

from models.terms import BodyKind

# First match wins: “城市管理和综合执法局” before “城市…”, “管委会” and “村委会” before “…委”.
_KIND_BY_NAME: tuple[tuple[re.Pattern[str], BodyKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"法院|[高中]院$", BodyKind.COURT),
        (r"检察院|铁检院", BodyKind.PROCURATORATE),
        (r"公司|集团|厂$|合作社", BodyKind.ENTERPRISE),
        (r"大学|学院", BodyKind.UNIVERSITY),
        (r"[村居]委会|[村居]民委员会", BodyKind.VILLAGE),
        (r"管委会|管理委员会", BodyKind.DEVELOPMENT_ZONE),
        (r"[乡镇](人民)?政府|街道", BodyKind.TOWNSHIP),
        (r"综合(行政)?执法|城管|城市管理", BodyKind.URBAN_MANAGEMENT),
        (r"自然资源|国土|自规|资规|土地", BodyKind.NATURAL_RESOURCES),
        (r"林业|林草", BodyKind.FORESTRY),
        (r"水利|水务", BodyKind.WATER),
        (r"农业", BodyKind.AGRICULTURE),
        (r"财政", BodyKind.FINANCE),
        (r"生态环境|环境保护|环保", BodyKind.ECOLOGY),
        (r"住房|住建|城建|城乡建设", BodyKind.HOUSING),
        (r"交通", BodyKind.TRANSPORT),
        (r"公安", BodyKind.POLICE),
        (r"市场监督|市场监管|市监", BodyKind.MARKET_SUPERVISION),
        (r"纪委|监委|监察委", BodyKind.DISCIPLINE),
        (r"人大", BodyKind.PEOPLES_CONGRESS),
        (r"[省市县区党]委", BodyKind.PARTY_COMMITTEE),
        (r"政府", BodyKind.GOVERNMENT),
    )
)


def kind_of(name: str) -> BodyKind:
    """What sort of body a name speaks of (县自规局, 市中级法院, 某乡镇政府); OTHER if it does not say."""
    return next((kind for pattern, kind in _KIND_BY_NAME if pattern.search(name)), BodyKind.OTHER)


def split_names(text: str) -> tuple[str, ...]:
    """Several things in one line: “市林业局；区城管局” is two. A 、 occurs within names."""
    return tuple(name for name in (part.strip() for part in re.split(r"[；;]", text)) if name)
