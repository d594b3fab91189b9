"""What a reviewer is told about each sort of judgement: one plain sentence, nothing personal."""

from __future__ import annotations

from pipeline.domain.people import About, Category

_OF_WHOM = {
    About.CHILD: "the child",
    About.ADULT: "an adult in the family",
    About.SIBLING: "a brother or sister who is not the subject",
    About.THIRD_PARTY: "somebody outside the conference",
    None: "somebody",
}
_WHY = {
    Category.ADULT_HEALTH_NOT_RELEVANT: "Health of {whom} with no bearing on the child's safety or care that the text shows.",
    Category.THIRD_PARTY_HEALTH: "Health of {whom}, told without their agreement and with no bearing on this child that the text shows.",
    Category.PASTED_RECORD: "Taken over from a health record (about {whom}); a report says in plain words what it means.",
    Category.CLINICAL_CODES: "Codes or scores from a record that say nothing to those at the conference.",
    Category.MEDICATION_LIST: "A list of medicines of {whom}; only what bears on the child's care belongs in a report.",
    Category.REPRODUCTIVE_OR_SEXUAL: "Reproductive or sexual health of {whom}, private unless it bears on this child.",
    Category.IDENTIFIER_OF_THIRD_PARTY: "Would tell who somebody outside the conference is: a source, another family or its child.",
    Category.RISK_INCREASING_DETAIL: "Could help somebody dangerous find or pursue the family, or betrays a confidence.",
    Category.LEGALLY_RESTRICTED: "About {whom}, and protected by law or a court; not to be passed on unless a named person decides so.",
    Category.EXCESS_DETAIL: "More private detail about {whom} than the conference needs.",
    Category.HIDDEN_CONTENT: "Content that a reader of the page does not see.",
    Category.FORBIDDEN_ATTACHMENT: "A paper that does not belong in a conference report.",
}


def why(category: Category, about: About | None) -> str:
    """The sentence for a category and the person it is about."""
    return _WHY[category].format(whom=_OF_WHOM[about])
