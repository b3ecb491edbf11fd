"""What fictitious delegates are called at work: functional titles and departments, by whom they represent."""

from __future__ import annotations

import random
from dataclasses import dataclass

EMBASSY = "Embassy in Bangkok"
EXCELLENCIES = ("Minister", "Vice-Minister", "Deputy Minister", "Ambassador")
MINISTRIES = (
    "Ministry of Social Welfare",
    "Ministry of Women’s Affairs",
    "Ministry of Justice",
    "Ministry of Foreign Affairs",
    "Ministry of the Interior",
    "Ministry of Tourism",
    "Ministry of Labour",
    "Ministry of Education",
)
OFFICES = ("Child Protection Section", "Policy and Advocacy", "Social Development Division", "Programmes", "")


@dataclass(frozen=True)
class Posts:
    """Titles that go with departments, and how common they are."""

    weight: int
    titles: tuple[str, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True)
class Jobs:
    """The posts of heads of a delegation, and of its other members."""

    heads: Posts
    others: tuple[Posts, ...]

    def draw(self, rng: random.Random, *, is_head: bool) -> tuple[str, str]:
        """A functional title and the department it belongs to."""
        posts = self.heads if is_head else rng.choices(self.others, [p.weight for p in self.others])[0]
        return rng.choice(posts.titles), rng.choice(posts.departments)


DIPLOMATS = ("Counsellor", "First Secretary", "Second Secretary", "Attaché")
GOVERNMENT = Jobs(
    Posts(1, ("Minister", "Vice-Minister", "Deputy Minister", "Permanent Secretary", "Director-General"), MINISTRIES),
    (
        Posts(
            8,
            ("Director", "Deputy Director", "Head of Division", "Senior Adviser", "Programme Officer", "Legal Officer"),
            (*MINISTRIES, "National Commission for Children", "Department of Immigration"),
        ),
        Posts(3, DIPLOMATS, (EMBASSY, "Permanent Mission to ESCAP")),
        Posts(2, ("Senior Social Welfare Officer", "Researcher"), ("Ministry of Social Welfare",)),
        Posts(2, ("Police Colonel", "Inspector, Anti-Trafficking Division"), ("National Police",)),
        Posts(1, ("Public Prosecutor", "Deputy Attorney General"), ("Office of the Attorney General",)),
        Posts(1, ("Judge", "Registrar"), ("Juvenile and Family Court",)),
    ),
)
ORGANISATION = Jobs(
    Posts(1, ("Regional Director", "Executive Director", "Secretary-General", "Deputy Regional Director"), ("",)),
    (
        Posts(
            5,
            ("Child Protection Specialist", "Programme Coordinator", "Programme Officer", "Policy Analyst"),
            OFFICES,
        ),
        Posts(3, ("Regional Adviser", "Senior Legal Adviser", "Research Officer"), OFFICES),
        Posts(2, ("Advocacy Manager", "Communication Officer"), ("Policy and Advocacy", "Communication")),
        Posts(1, ("Country Representative",), ("",)),
    ),
)


def jobs_at_mission(mission: str) -> Jobs:
    heads = ("Ambassador", "Chargé d’affaires a.i.") if mission == EMBASSY else ("Chargé d’affaires a.i.",)
    return Jobs(Posts(1, heads, (mission,)), (Posts(1, DIPLOMATS, (mission,)),))


REASONS_TO_REJECT = (
    "The letter does not name this person.",
    "The delegation asked us to keep another person in this place.",
    "This meeting is by invitation, and the organization is not among those invited.",
)
REASONS_TO_RETURN = (
    "The second page of the letter is missing. Please send it again.",
    "The name differs from the one in the letter. Please tell us which is right.",
    "The letter is not signed.",
)
