"""The account's rep in the words of the page: see components/_rep_card.html."""


def rep_words(rep) -> dict | None:
    """Name, face and ways to reach a rep; None for an account that has none."""
    if rep is None:
        return None
    return {
        "name": rep.user.name,
        "title": rep.title,
        "picture": rep.photo.url if rep.photo else "",
        "email": rep.user.email,
        "phone": rep.phone,
        "hours": rep.hours,
    }
