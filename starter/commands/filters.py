"""The options that choose cases, the same for a list of them and for their export."""

from __future__ import annotations

from typing import Annotated

import typer

Overdue = Annotated[bool, typer.Option("--overdue", help="有逾期未复的")]
Expired = Annotated[bool, typer.Option("--expired", help="有期限已经届满、尚未办的")]
DueWithin = Annotated[str, typer.Option("--due-within", metavar="天数", help="几天之内有期限届满的")]
DueWithinWorking = Annotated[
    str, typer.Option("--due-within-working", metavar="工作日", help="几个工作日之内有期限届满的")
]
LookBack = Annotated[
    bool, typer.Option("--lookback", help="回头看到期的；与 --due-within 同用，即届时到期的")
]
Provisional = Annotated[bool, typer.Option("--provisional", help="有暂定期限的")]
Unserved = Annotated[bool, typer.Option("--unserved", help="有文书未送达的")]
Unassessed = Annotated[bool, typer.Option("--unassessed", help="有回复待评估的")]
Unmatched = Annotated[bool, typer.Option("--unmatched", help="有材料待整理的")]
Pending = Annotated[bool, typer.Option("--pending", help="有文书待审批、待制发的")]
OpenOnly = Annotated[bool, typer.Option("--open", help="尚未结案的")]
Focus = Annotated[bool, typer.Option("--focus", help="重点案件（违法乱占耕地）")]
County = Annotated[str, typer.Option("--county", metavar="地方", help="县、市、区的名称或代码")]
Agency = Annotated[str, typer.Option("--agency", metavar="单位", help="有文书致该单位的；名称或代码")]
Kind = Annotated[str, typer.Option("--kind", metavar="种类", help="案件种类")]
Stage = Annotated[str, typer.Option("--stage", metavar="阶段", help="所处阶段")]
Handler = Annotated[str, typer.Option("--handler", metavar="姓名", help="承办人")]
Campaign = Annotated[str, typer.Option("--campaign", metavar="CASE", help="挂接在该专项行动的")]
