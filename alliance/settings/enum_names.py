"""What the API's description calls choices whose fields share a name."""

from __future__ import annotations

ENUM_NAMES = {
    "NeedStateEnum": "needs.states.State.choices",
    "ClaimStateEnum": "claims.states.ClaimState.choices",
    "ResourceStateEnum": "resources.states.ResourceState.choices",
    "BookingStateEnum": "resources.states.BookingState.choices",
    "ListRoundStateEnum": "needs.states.lists.RoundState.choices",
    "UnitListsStateEnum": "needs.states.lists.ListsState.choices",
    "ListLineStateEnum": "needs.states.lists.LineState.choices",
    "ProjectStateEnum": "projects.states.ProjectState.choices",
    "AgreementStateEnum": "projects.states.AgreementState.choices",
    "AmendmentStateEnum": "projects.states.AmendmentState.choices",
    "DeedStateEnum": "projects.states.DeedState.choices",
    "ProjectFieldEnum": "projects.states.Field.choices",
    "DeedFieldEnum": "projects.states.DeedField.choices",
    "ProjectKindEnum": "projects.states.ProjectKind.choices",
    "MenuKindEnum": "projects.states.MenuKind.choices",
    "WishKindEnum": "needs.states.wish.WishKind.choices",
    "UnitKindEnum": "members.states.UnitKind.choices",
    "StrengthKindEnum": "members.states.StrengthKind.choices",
    "PartyKindEnum": "members.states.PartyKind.choices",
    "DocumentKindEnum": "members.states.DocumentKind.choices",
    "PostingEnum": "points.states.Posting.choices",
    "RedemptionStateEnum": "points.states.RedemptionState.choices",
    "ActivityStateEnum": "volunteers.states.ActivityState.choices",
    "ActivityKindEnum": "volunteers.states.ActivityKind.choices",
    "SignUpStateEnum": "volunteers.states.SignUpState.choices",
    "RewardSortEnum": "points.states.Sort.choices",
}
