"""Forms of the register in the workbench. They read what was typed; the rules are the services'."""

from members.forms.register import (
    AllianceForm,
    LiaisonForm,
    MembershipForm,
    NewLiaisonForm,
    NewUnitForm,
    UnitForm,
    typed,
)

__all__ = [
    "AllianceForm",
    "LiaisonForm",
    "MembershipForm",
    "NewLiaisonForm",
    "NewUnitForm",
    "UnitForm",
    "typed",
]
