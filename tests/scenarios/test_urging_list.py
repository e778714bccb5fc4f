"""Every thing that happens in the life of an urging case has one scenario, named after it; this table lists them."""

from __future__ import annotations

from importlib import import_module

import pytest

# What happens, in the words of the requirement → the scenario, as `module:function`.
SCENARIOS = {
    "several recipients of any kind, each with its own receipt, deadline, replies and assessment 多个收件单位": (
        "letters:test_several_recipients_of_any_kind"
    ),
    "draft, approval, issue, with the official 文号 and an internal number 起草、审批、制发": (
        "letters:test_draft_approval_issue"
    ),
    "service (直接, 留置, 邮寄, 公开宣告, 电子, refused) with a watch on what is not yet served 送达": (
        "letters:test_service_in_every_mode"
    ),
    "objection and its review 异议与复核": "letters:test_objection_and_its_review",
    "reminders ahead of the due date 届满前提醒": "replies:test_reminders_ahead",
    "expiry, or a reply that is empty, false or partial: urge, then the ladder; a 告知函 is upgraded 逾期、督促、逐级通报": (
        "replies:test_expiry_urge_then_ladder"
    ),
    "any number of replies, every stance, timeliness and substance apart 多次回复": "replies:test_any_number_of_replies",
    "items to be put right, each with its own state and proof 整改事项": "putting_right:test_items_to_be_put_right",
    "the plan, with stages and next check, which does not lengthen the reply period 整改方案": (
        "putting_right:test_plan_moves_no_date"
    ),
    "the plan accepted, or sent back with reasons 认可或者退回方案": (
        "putting_right:test_plan_accepted_or_sent_back"
    ),
    "promises that become reminders 承诺转提醒": "putting_right:test_promises_become_reminders",
    "suspend, resume, extend (where the rule's law allows), amend, withdraw, change of the responsible agency "
    "中止、恢复、延长、变更、撤回、职责承接": "changes:test_suspend_resume_extend_amend_withdraw_agency",
    "close with one of the real outcomes 结案": "end:test_close_with_a_real_outcome",
    "look-back (回头看), then filing away 归档": "end:test_look_back_then_filing_away",
    "correction of any fact, with everything counted from it counted again 更正": (
        "corrections:test_correction_of_any_fact"
    ),
    "papers that match nothing kept for sorting 待整理": "record:test_papers_that_match_nothing",
    "what lies between cases has its place (links) 关联案件": "record:test_links_to_other_cases_are_kept",
}


@pytest.mark.parametrize("item", SCENARIOS)
def test_has_its_scenario(item: str) -> None:
    module, _, name = SCENARIOS[item].partition(":")
    scenario = getattr(import_module(f"tests.scenarios.test_urging_{module}"), name, None)
    assert callable(scenario), f"no scenario {name} for: {item}"
    assert (scenario.__doc__ or "").strip(), f"{name} does not say what it shows"


def test_each_scenario_is_named_for_one_thing() -> None:
    assert len(dict.fromkeys(SCENARIOS.values())) == len(SCENARIOS)
