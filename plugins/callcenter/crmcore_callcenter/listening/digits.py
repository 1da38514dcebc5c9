"""What a telephone system dials for a number: in E.164, or in the digits that its trunk takes."""

from crmcore_callcenter.model.line import E164, INTERNATIONAL

EXIT = "00"
"""What is dialled before a country's code (ITU-T E.164 recommends it), where a country has no one way of its own."""


def dialled(number: str, *, dial_as: str, prefix: str, region: str) -> str:
    """Return what is dialled for a number in E.164, in a country (ISO 3166); its extension (`;ext=`) is left out.

    As `e164` it is dialled as it is. As `international` it is dialled with the country's way out, such as 00; as
    `national` so only where it is of another country, else as one dials it at home, such as 021 5555 0100. `prefix`,
    such as 0 for a line outside, comes first. A number within the house, or as short as one, is dialled as it is.
    """
    base = number.partition(";")[0]
    if dial_as == E164 or not base.startswith("+"):
        return base
    import phonenumbers

    parsed = phonenumbers.parse(base)
    if dial_as == INTERNATIONAL or parsed.country_code != phonenumbers.country_code_for_region(region):
        return f"{prefix}{_way_out(region)}{base.removeprefix('+')}"
    return prefix + _digits(phonenumbers.format_out_of_country_calling_number(parsed, region))


def _way_out(region: str) -> str:
    """Return what is dialled in a country before the code of another: 00, 011, 810."""
    import phonenumbers

    known = phonenumbers.PhoneMetadata.metadata_for_region(region)
    preferred, only = (known.preferred_international_prefix, known.international_prefix) if known else (None, None)
    return _digits(preferred or "") or (only if only is not None and only.isdigit() else EXIT)


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())
