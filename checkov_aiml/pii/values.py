"""What single values look like: masked, reserved for tests, a name, a date of birth, an address."""

from __future__ import annotations

import ipaddress
import re


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


NULLS = word_set("null none nan na n/a nil - -- ? . unknown <na> nat") | {"", "not known"}

_MASKED = re.compile(
    r"""
    [<\[({]{1,2}[A-Z][A-Z_ -]*(?:[:_\#-]\w+)?[>\])}]{1,2}                   # <PERSON>, [REDACTED], {{NAME}}
    | [\W_xX]*(?:[*\#•█▇]|[xX]{2})[\W_xX]*                                 # ****, xxxx-xxxx, ###
    | [xX]{3,}[xX\W]*\w{0,4}                                               # xxxx xxxx xxxx 1234
    | [xX.]{3,}@[xX.]{3,}\w*                                               # xxxx@xxxx.com
    | \w?\.{3,}\w*(?:@.*)?                                                 # j.....h@gmail.com
    | (?:sha\d+|md5|hmac|hash)?[:_$-]?(?=[0-9]*[a-fA-F])(?:[0-9a-fA-F]{8}){2,16}
    | [0-9]{40,}
    | \{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?           # UUID
    | (?:tok|token|cus|usr|user|anon|pseudo|subject|patient|person|client|customer|member|participant|employee
      |enc|vault|ref|id|p)[_: -]?(?:[A-Za-z]{0,4}[_-])?[0-9A-Fa-f]*[0-9][0-9A-Fa-f=-]*
    | (?:tok|token|enc|vault|anon|pseudo)[_:-][\w+/=-]{6,}
    | gAAAAA[\w-]{20,}=*                                                   # Fernet
    | \$(?:2[abxy]|argon2\w*|pbkdf2\S*|scrypt|[156y])\$\S+                 # password digests
    | (?![13][A-Za-z0-9]{25,34}$)(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])[A-Za-z0-9+/_-]{22,}={0,2}  # base 64
    | [A-Za-z0-9+/]{10,}={1,2}
    """,
    re.VERBOSE,
)
_STARRED = re.compile(r"[*•█▇]{2,}|#{3,}|[xX]{4,}")
_WORD = re.compile(
    r"(?i)(?<![a-z])(?:redacted|masked|anonymi[sz]ed|pseudonymi[sz]ed|scrubbed|suppressed|withheld|removed|hidden|deleted)(?![a-z])"
)
_REPEATED = re.compile(r"\+?(?:44)?[^\w]*0?[^\w]*([0-9])(?:[^\w]*\1){4,}[^\w]*")
_FIRST_OF_YEAR = re.compile(r"(?:0?1[-/. ]0?1[-/. ](?:19|20)\d\d|(?:19|20)\d\d[-/. ]?01[-/. ]?01)(?:[T ].*)?")


def is_masked(text: str) -> bool:
    """Whether a value is a placeholder, a redaction, a digest, a token, starred out, or one digit repeated."""
    if len(text) > 300:
        return False
    if _MASKED.fullmatch(text) or _REPEATED.fullmatch(text) or _FIRST_OF_YEAR.fullmatch(text):
        return True
    if len(text) > 60 or text.count(" ") > 4:
        return False
    return _WORD.search(text) is not None or (_STARRED.search(text) is not None and sum(map(str.isdigit, text)) <= 6)


_TEST_CARDS = word_set(
    """
    4111111111111111 4242424242424242 4012888888881881 4222222222222 4000056655665556 4000000000000002
    5555555555554444 5105105105105100 2223003122003222 2223000048400011 5200828282828210 378282246310005
    371449635398431 6011111111111117 6011000990139424 30569309025904 38520000023237 3056930009020004
    3530111333300000 3566002020360505 6200000000000005
    """
)
_TEST_ACCOUNTS = frozenset(
    {"GB82WEST12345698765432", "GB29NWBK60161331926819", "GB33BUKB20201555555555", "DE89370400440532013000"}
)
_RESERVED_DOMAIN = re.compile(
    r"(?i)@(?:.*\.)?(?:example(?:\.(?:com|org|net|edu|co\.uk|invalid))?|test|invalid|localhost|example)$"
)
# Ofcom, "Telephone numbers for use in TV and radio drama programmes", without the leading zero.
_DRAMA_NUMBER = re.compile(
    r"(?:11[3-8]|121|131|141|151|161)4960\d{3}|191498\d{4}|2079460\d{3}|2890180\d{3}|2896496\d{3}|2920180\d{3}|1632960\d{3}"
    r"|7700900\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3}"
)
_DOCUMENTATION = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001:db8::/32",
            "127.0.0.0/8",
            "0.0.0.0/8",
            "255.255.255.255/32",
        ),
    )
)


def is_reserved(entity: str, text: str) -> bool:
    """Whether a value comes from a range that is reserved for documentation and tests, or can belong to nobody."""
    characters = re.sub(r"\W", "", text)
    if entity == "EMAIL_ADDRESS":
        return _RESERVED_DOMAIN.search(text) is not None or re.fullmatch(r"(.)\1{2,}@.*", text) is not None
    if entity == "PHONE_NUMBER":
        national = re.sub(r"^(?:0044|44|0)0?", "", characters)
        return _DRAMA_NUMBER.fullmatch(national) is not None or _REPEATED.fullmatch(text) is not None
    if entity == "UK_NHS":
        return characters.startswith("999") or len(set(characters)) == 1
    if entity == "CREDIT_CARD":
        return characters in _TEST_CARDS or len(set(characters)) == 1
    if entity == "IBAN_CODE":
        return characters.upper() in _TEST_ACCOUNTS
    if entity == "UK_NINO":
        impossible = re.match(r"BG|GB|NK|KN|NT|TN|ZZ|[DFIQUV]|.[DFIQUVO]", characters.upper())
        return impossible is not None or characters.upper() in ("AB123456C", "AA123456A", "AA000000A")
    if entity == "UK_POSTCODE":
        return characters.upper().startswith("ZZ")  # The NHS's own pseudo postcodes.
    if entity == "MAC_ADDRESS":
        return characters.lower().startswith("00005e0053") or len(set(characters)) == 1
    if entity == "IP_ADDRESS":
        try:
            address = ipaddress.ip_interface(text).ip
        except ValueError:
            return False
        return address.is_unspecified or address.is_loopback or any(address in network for network in _DOCUMENTATION)
    return False


_POSTCODE = re.compile(
    r"(?i)(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?"
    r"|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE)"
    r"[0-9][0-9A-Z]?\s?[0-9][ABD-HJLNP-UW-Z]{2}"
)


def is_postcode(text: str) -> bool:
    """Whether the text is a postcode of an area that exists."""
    return _POSTCODE.fullmatch(text) is not None


def is_card_of_an_issuer(text: str) -> bool:
    """Whether digits start as a payment card's do, and are as many."""
    digits = re.sub(r"\D", "", text)
    return (
        re.fullmatch(
            r"4\d{12}(?:\d{3})?(?:\d{3})?|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
            r"|3(?:0[0-5]|[689]\d)\d{11}|(?:6011|64[4-9]\d|65\d\d|62\d\d)\d{12}(?:\d{3})?|35[2-8]\d{13}|(?:50|5[6-9]|6[37])\d{14}",
            digits,
        )
        is not None
    )


# The commonest given names of births and of the living in England and Wales (ONS, baby names).
_GIVEN_NAMES = word_set(
    """
    aaron abdul abigail adam adrian aisha alan albert alex alexander alexandra alfie alice alison amanda amber
    amelia amy ana andrea andrew angela ann anna anne annette anthony antony archie arthur ashley ava barbara
    barry ben benjamin bernard beth bethany beverley brandon brenda brian bruce bryan callum cameron carl carly
    carol carole caroline carolyn catherine charlene charles charlie charlotte cheryl chloe christian christina
    christine christopher claire clare clive colin connor craig daisy damian daniel danielle darren dave david
    dawn dean deborah declan denis denise dennis derek diana diane dominic donald donna dorothy douglas duncan
    dylan edward eileen elaine eleanor elizabeth ella ellie elliot elliott emily emma eric erin ethan eva evelyn
    evie fatima fiona florence frances francesca francis frank fred freddie frederick freya gail gareth garry
    gary gavin gemma geoffrey george georgia georgina gerald gerard geraldine gillian glen glenn gordon grace
    graeme graham grant gregory guy hannah harriet harry hayley hazel heather helen henry hilary hollie holly
    howard hugh iain ian imogen irene isaac isabella isla ivy jack jacob jacqueline jade jake james jamie jane
    janet janice jasmine jason jay jayne jean jeffrey jemma jennifer jeremy jessica jill jim joan joanna joanne
    joe joel john jonathan jordan joseph josh joshua joyce judith julia julian julie june karen karl kate
    katherine kathleen kathryn katie katy kayleigh keith kelly kenneth kerry kevin kieran kim kimberley kirsty
    kyle laura lauren lawrence leah leanne lee leo leon leonard lesley leslie lewis liam lily linda lindsey lisa
    logan lorraine louis louise lucas lucy luke lydia lynda lynn lynne malcolm marc marcus margaret maria marian
    marie marilyn marion mark martin martyn mary mathew matilda matthew maureen max maxine megan melanie melissa
    michael michele michelle mike millie mitchell mohamed mohammad mohammed molly muhammad naomi natalie natasha
    nathan neil nicholas nicola nicole nigel noah norman oliver olivia oscar owen pamela patricia patrick paul
    paula pauline peter philip phillip poppy rachael rachel raymond rebecca reece rhys richard ricky rita robert
    robin roger ronald rosemary rosie ross roy ruby russell ruth ryan sally sam samantha samuel sandra sara
    sarah scott sean shane shannon sharon shaun sheila shirley sian simon sophia sophie stacey stanley stephanie
    stephen steve steven stewart stuart susan suzanne sylvia terence teresa terry thelma theo theresa thomas tim
    timothy tina toby tom tony tracey tracy trevor valerie vanessa veronica victor victoria vincent wayne wendy
    william yvonne zachary zoe zara
    """
)
_NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Rev)\.? )?[^\W\d_]+(?:[-'\u2019 ,.]+[^\W\d_]+){0,5}\.?")
_TITLE = re.compile(r"(?i)(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|rev)\.?\s+")


def is_given_name(word: str) -> bool:
    return word.strip(",.").lower() in _GIVEN_NAMES


def is_name_shaped(text: str) -> bool:
    """Whether a value is one to six words of letters, at least one of two letters: a person's name may be, and more."""
    return len(text) < 80 and _NAME.fullmatch(text) is not None and re.search(r"[^\W\d_]{2}", text) is not None


def is_full_name(text: str) -> bool:
    """Whether a value is a given name of the commonest and a surname, in either order."""
    words = [word for word in re.split(r"[ ,]+", _TITLE.sub("", text)) if word]
    if not 2 <= len(words) <= 4 or not is_name_shaped(text):
        return False
    return is_given_name(words[0]) or ("," in text and is_given_name(words[-1]))


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
DAY = (
    r"(?:(?:19|20)\d\d[-/. ]?(?:0[1-9]|1[0-2])[-/. ]?(?:0[1-9]|[12]\d|3[01])"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[-/. ](?:0?[1-9]|1[0-2]|{_MONTH})[-/., ]+(?:(?:19|20)\d\d|\d\d)"
    r"|(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d\d|\d\d)"
    rf"|{_MONTH} (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,? (?:19|20)\d\d)"
)
"""A day of a calendar, in figures or words; case does not matter."""
_DATE = re.compile(rf"(?i){DAY}(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?")


def is_date(text: str) -> bool:
    """Whether a value is a day of a calendar, in figures or words."""
    return _DATE.fullmatch(text) is not None


STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|close|drive|dr|way|court|ct|crescent|gardens?|grove|place|terrace|walk|mews|hill|park"
    r"|square|row|rise|view|green|villages?|squares|station|shores?|ports?|ridge|fields?|island|mill|spur|points?|plaza|cove|trail"
    r"|parkways?|manors?|mountains?|passage|locks|glen|common|forks?|extension|coves|crossing|meadows?|springs?|lodge|flats?|stream"
    r"|roads|ferry|burgs?|harbors?|turnpike|keys?|well|wells|valleys?|vista|causeway|track|junctions?|knolls?|landing|viaduct|bridge)"
)
_ADDRESS = re.compile(
    r"(?is)(?:.*\b(?:flat|studio|apartment|unit|house)\s+\w+.*|\d+[a-z]?[ ,]+\w.*"
    rf"|.*\b\w+ {STREET}\b.*|.*\b[a-z]{{1,2}}\d[\da-z]? ?\d[a-z]{{2}})"
)


def is_address(text: str) -> bool:
    """Whether a value has a house number, a word for a street or a postcode, and letters."""
    return any(map(str.isalpha, text)) and _ADDRESS.fullmatch(text) is not None


def passes_nhs_check(digits: str) -> bool:
    """Whether ten digits carry the NHS number's check digit (modulus 11)."""
    return len(digits) == 10 and sum(int(d) * (10 - i) for i, d in enumerate(digits)) % 11 == 0
