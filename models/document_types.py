"""The types of document, by the words staff use."""

from __future__ import annotations

from models.terms import LabelledEnum


class DocumentType(LabelledEnum):
    """The papers that are made here."""

    NOTIFICATION_LETTER = "notification_letter", "告知函"
    SUGGESTION = "suggestion", "检察建议书"
    CLASS_SUGGESTION = "class_suggestion", "类案检察建议书"
    PRE_SUIT_SUGGESTION = "pre_suit_suggestion", "诉前检察建议书"
    COURT_SUGGESTION = "court_suggestion", "检察建议书（致法院）"
    RETRIAL_SUGGESTION = "retrial_suggestion", "再审检察建议书"
    URGING_LETTER = "urging_letter", "督促函"
    OBJECTION_REVIEW = "objection_review", "异议复核意见书"
    AMENDMENT_NOTICE = "amendment_notice", "变更检察建议通知书"
    WITHDRAWAL_NOTICE = "withdrawal_notice", "撤回检察建议通知书"
    RECKONING_NOTE = "reckoning_note", "期限计算说明"
    CLOSING_REVIEW = "closing_review", "结案审查表"
    FLOW_SHEET = "flow_sheet", "案件流程表"
    FILE_CONTENTS = "file_contents", "卷内目录"
    CASE_TIMELINE = "case_timeline", "案件时间线"

    LETTER = "letter", "函"
    REPORT = "report", "报告"
    MEETING_NOTICE = "meeting_notice", "会议通知"
    MINUTES = "minutes", "会议纪要"
    TRANSFER_LETTER = "transfer_letter", "移送函"
    FILING_REPORT = "filing_report", "备案报告"
    EVIDENCE_NOTICE = "evidence_notice", "调取证据通知书"
    # 第二条、印发通知
    CIRCULAR = "circular", "情况通报"
    DEPLOYMENT_NOTICE = "deployment_notice", "重大工作部署通报"
    FIGURES_TABLE = "figures_table", "通报数据表"
    PROBLEM_ANSWER = "problem_answer", "执行问题答复"
    # 第四条
    EXPLANATION_NOTICE = "explanation_notice", "说明案件执行情况通知书"
    COPY_REMINDER = "copy_reminder", "催送抄送材料函"
    ACCEPTANCE_NOTICE = "acceptance_notice", "受理通知书"
    SUSPENSION_DECISION = "suspension_decision", "中止审查决定书"
    RESUMPTION_DECISION = "resumption_decision", "恢复审查决定书"
    TERMINATION_DECISION = "termination_decision", "终结审查决定书"
    NO_SUPPORT_DECISION = "no_support_decision", "不支持监督申请决定书"
    REFERRAL_REPORT = "referral_report", "提请监督报告书"
    CORRECTION_DECISION = "correction_decision", "补正决定书"
    FILE_HANDOVER_LIST = "file_handover_list", "送案卷目录"
    FLOW_NOTICE = "flow_notice", "案件流程监控通知书"
    SUPERVISION_DECISION = "supervision_decision", "监督立案决定"
    TRACKING_RECORD = "tracking_record", "非诉执行跟踪情况表"
    # 第五条
    CLUE_TRANSFER = "clue_transfer", "移送案件线索通知书"
    CLUE_RETURN = "clue_return", "线索退回说明"
    CLUE_FEEDBACK = "clue_feedback", "线索办理情况反馈函"
    FILING_DECISION = "filing_decision", "立案决定书"
    NO_FILING_DECISION = "no_filing_decision", "不立案决定书"
    CONSULTATION_LETTER = "consultation_letter", "磋商函"
    FACT_SHEET = "fact_sheet", "事实确认书"
    CLOSING_DECISION = "closing_decision", "终结案件决定书"
    INDICTMENT = "indictment", "行政公益诉讼起诉书"
    APPEARANCE_NOTICE = "appearance_notice", "派员出庭通知书"
    CLAIMS_AMENDMENT = "claims_amendment", "变更诉讼请求决定书"
    SUIT_WITHDRAWAL = "suit_withdrawal", "撤回起诉决定书"
    FILING_APPROVAL = "filing_approval", "立案审批表"
    INQUIRY_REPORT = "inquiry_report", "调查终结报告"
    SITE_RECORD = "site_record", "跟进调查记录"
    SUIT_REVIEW = "suit_review", "审查起诉报告"
    # 第六条
    FILE_REQUEST = "file_request", "调阅卷宗函"
    QUERY_LETTER = "query_letter", "查询函"
    INQUIRY_HELP_LETTER = "inquiry_help_letter", "协助调查函"
    APPOINTMENT = "appointment", "特邀检察官助理聘任决定"
    RELEASE = "release", "特邀检察官助理解聘决定"
    FILE_LIST = "file_list", "案卷材料接收清单"
    SERVICE_RECORD = "service_record", "特邀检察官助理履职记录"
    # 第七条
    CAMPAIGN_PLAN = "campaign_plan", "专项行动方案"
    CAMPAIGN_REPORT = "campaign_report", "专项行动总结报告"
    COORDINATION_ANSWER = "coordination_answer", "商请事项答复函"
    # 第八条
    OPINION_REQUEST = "opinion_request", "征求意见函"
    HELP_REQUEST = "help_request", "异地协作函"
    SETTLEMENT_PLAN = "settlement_plan", "化解方案"
    # 第九条、第十条
    STUDY_PLAN = "study_plan", "联合调研方案"
    STUDY_REPORT = "study_report", "调研报告"
    STANDARDS_MINUTES = "standards_minutes", "统一执法司法标准会议纪要"
    TRAINING_NOTICE = "training_notice", "培训通知"
    TRAINING_SUMMARY = "training_summary", "培训总结"
    # Printed from the case and filled in by hand (`models.record_forms`)
    ISSUE_SHEET = "issue_sheet", "发文审批单"
    SERVICE_RECEIPT = "service_receipt", "送达回证"
    ANNOUNCEMENT_RECORD = "announcement_record", "宣告送达笔录"
    EVIDENCE_LIST = "evidence_list", "调取证据清单"
    QUESTIONING_RECORD = "questioning_record", "询问笔录"
    SURVEY_RECORD = "survey_record", "勘验笔录"
    PRELIMINARY_REPORT = "preliminary_report", "初步调查报告"
    REVIEW_REPORT = "review_report", "审查终结报告"
    APPOINTMENT_CERTIFICATE = "appointment_certificate", "聘书"

    @property
    def asks_reply(self) -> bool:
        """Whether its receipt starts a reply period of the law, and the substance of the reply is assessed."""
        return self in _ASKING

    @property
    def is_suggestion(self) -> bool:
        """Whether [建议] binds it: objection, filing upward, the ladder of article 25. A 告知函 is none."""
        return self in _ASKING and self is not DocumentType.NOTIFICATION_LETTER

    @property
    def goes_to_court(self) -> bool:
        """Whether it is a suggestion to a court, which neither the ladder of [建议]25 nor its notices bind."""
        return self in (DocumentType.COURT_SUGGESTION, DocumentType.RETRIAL_SUGGESTION)

    @property
    def printed(self) -> str:
        """Its name as the paper bears it: which 检察建议书 it is, only our own lists say."""
        if self.is_suggestion and self is not DocumentType.RETRIAL_SUGGESTION:
            return DocumentType.SUGGESTION.label
        return self.label

    @property
    def is_copied_upward(self) -> bool:
        """Whether the province is sent a copy (抄送) unless the draft says otherwise."""
        return self in (DocumentType.REPORT, DocumentType.CIRCULAR, DocumentType.DEPLOYMENT_NOTICE)

    @property
    def is_general(self) -> bool:
        """Whether it is a letter, notice or decision in the plain form, answered by a day that it states itself, if at all."""
        return self not in _ASKING and self not in _MADE_BY_DECISION


_ASKING = (
    DocumentType.NOTIFICATION_LETTER,
    DocumentType.SUGGESTION,
    DocumentType.CLASS_SUGGESTION,
    DocumentType.PRE_SUIT_SUGGESTION,
    DocumentType.COURT_SUGGESTION,
    DocumentType.RETRIAL_SUGGESTION,
)
_MADE_BY_DECISION = (
    DocumentType.URGING_LETTER,
    DocumentType.OBJECTION_REVIEW,
    DocumentType.AMENDMENT_NOTICE,
    DocumentType.WITHDRAWAL_NOTICE,
    DocumentType.RECKONING_NOTE,
    DocumentType.CLOSING_REVIEW,
    DocumentType.FLOW_SHEET,
    DocumentType.FILE_CONTENTS,
    DocumentType.CASE_TIMELINE,
    DocumentType.SUPERVISION_DECISION,
    DocumentType.TRACKING_RECORD,
)
