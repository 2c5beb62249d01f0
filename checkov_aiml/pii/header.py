"""What a column's name says of its cells: whole words of its path, not parts of words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from checkov_aiml.pii.values import word_set

_PHRASES = {
    "EMAIL_ADDRESS": "email|e mail|emails|mail address|email address|emailaddress",
    "PHONE_NUMBER": (
        "phone|phones|telephone|tel|mobile|mob|cell|cellphone|msisdn|fax|landline|phone number|"
        "phonenumber|contact no|contact number|whatsapp"
    ),
    "UK_NHS": "nhs|nhs number|nhsnumber|nhs no|chi|chi number|chi no|health number",
    "UK_NINO": "nino|ni number|ni no|nin|national insurance|ninumber",
    "UK_POSTCODE": "postcode|post code|postal code|pcode|zip|zip code|zipcode|postalcode",
    "UK_PASSPORT": "passport|passport no|passport number|travel document",
    "UK_DRIVING_LICENCE": (
        "driving licence|driving license|driver licence|driver license|drivers licence|drivers license|"
        "dl number|dvla|licence number|licence no"
    ),
    "UK_VEHICLE_REGISTRATION": (
        "vrm|vrn|number plate|numberplate|licence plate|license plate|plate|vehicle registration|"
        "vehicle reg|car reg|reg plate|car registration|reg no|reg number|registration number"
    ),
    "IBAN_CODE": "iban",
    "CREDIT_CARD": "card|pan|credit card|debit card|card number|cardnumber|card no|creditcard|payment card|cc number",
    "IP_ADDRESS": (
        "ip|ip address|ipaddress|ip addr|ipv4|ipv6|remote addr|client addr|remote address|client ip|source ip|src ip"
    ),
    "MAC_ADDRESS": "mac|mac address|macaddress|hardware address",
    "CRYPTO": "wallet|btc|bitcoin|crypto|wallet address",
    "PERSON": (
        "full name|fullname|first name|firstname|last name|lastname|surname|forename|forenames|given name|"
        "givenname|family name|"
        "maiden name|middle name|patient name|customer name|employee name|client name|contact name|"
        "person name|applicant name|"
        "student name|staff name|next of kin|cardholder|card holder|account holder|holder name|fname|lname|"
        "person|name of patient|"
        "guardian|guardian name|mother name|father name|spouse name|member name|recipient name|author name|"
        "doctor name|gp name|names"
    ),
    "DATE_OF_BIRTH": (
        "dob|d o b|date of birth|birth date|birthdate|birthday|birth day|date birth|born|dateofbirth|born on"
    ),
    "LOCATION": (
        "address|addr|street|street address|address line|address line 1|address1|address 1|line 1|"
        "home address|postal address|"
        "full address|billing address|delivery address|shipping address|residence|residential address|street name"
    ),
    "UK_SORT_CODE": "sort code|sortcode|sort",
    "UK_BANK_ACCOUNT": (
        "account number|account no|acct no|acct number|accountnumber|bank account|bank account number|account num"
    ),
    "USERNAME": "username|user name|login|login name|screen name|twitter handle|handle",
    "PASSWORD": "password|passwd|pwd|passphrase|pass word|password plain",
}

_NOT_AN_ADDRESS = word_set(
    """
    ip ipv4 ipv6 mac email mail web url http wallet memory hardware btc bitcoin remote client host server
    """
)
_NOT_OF_A_PERSON = word_set(
    """
    product file host column field table model brand company organisation organization event city country region
    county town street road species class label category feature metric device app application service project
    team school hospital ward department drug medication course item sku variable function job package domain
    server bucket dataset test group role plan status type layer unit site store shop vendor supplier user login
    screen code short display font colour color key tag
    """
)
_NEGATIVE = word_set(
    """
    order txn transaction tx epoch timestamp ts time created updated lat lon lng latitude longitude sku product
    item invoice ref reference version build release hash checksum digest uuid guid score count amount price
    total batch serial asset part model company id ids key index row seq sequence code size bytes width height
    weight quantity qty snomed barcode ean isbn upc gtin feature value metric ratio rate offset tracking
    shipment parcel ticket case session request trace span job device imei icd lsoa ods firmware software file
    path url uri balance income salary revenue stock concept term
    """
)


@dataclass(frozen=True)
class Header:
    """What a column's name means: the entities that it names, and whether it names something else."""

    entities: frozenset[str]
    negative: bool
    bare_name: bool

    def names(self, entity: str) -> bool:
        return entity in self.entities


def words_of(path: str) -> list[str]:
    """The words of a column's path, in lower case: `patient.homePhone_no` is patient, home, phone, no."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", path)
    return re.findall(r"[a-z]+|\d+", spaced.lower())


@lru_cache(maxsize=16_384)
def meaning(path: str) -> Header:
    """The meaning of a column's path. Its last key counts; the keys before it lend words to it."""
    last = re.split(r"\.", path.replace("[]", ""))[-1]
    words = [word for word in words_of(last) if not word.isdigit() or word == "1"] or [""]
    own = frozenset(entity for entity, phrases in _TABLE.items() if any(_holds(words, phrase) for phrase in phrases))
    entities = set(own)
    if "LOCATION" in entities and set(words) & _NOT_AN_ADDRESS:
        entities.discard("LOCATION")
    if "PERSON" in entities and set(words) & _NOT_OF_A_PERSON:
        entities.discard("PERSON")
    if "CREDIT_CARD" in entities and set(words) & {"type", "brand", "expiry", "holder", "issuer", "name", "report"}:
        entities.discard("CREDIT_CARD")
    outer = words_of(path)
    bare_name = words in (["name"], ["name", "1"]) and not set(outer) & _NOT_OF_A_PERSON
    if bare_name and set(outer) & {
        "patient",
        "patients",
        "customer",
        "customers",
        "employee",
        "employees",
        "person",
        "people",
    }:
        entities.add("PERSON")
    named = {word for entity in entities for phrase in _TABLE[entity] for word in phrase}
    negative = not entities and bool((set(words) - named) & _NEGATIVE)
    return Header(frozenset(entities), negative, bare_name)


def _holds(words: list[str], phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(tuple(words[start : start + size]) == phrase for start in range(len(words) - size + 1))


_TABLE = {entity: tuple(tuple(phrase.split()) for phrase in phrases.split("|")) for entity, phrases in _PHRASES.items()}
