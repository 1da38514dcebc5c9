"""The layouts we know, as data: what differs from the general vocabulary in the exports of widespread programs.

Sources: the headings that Google Contacts (2007 to 2024 and since), Outlook, HubSpot and Salesforce's Data Loader
write, as published by their makers; Salesforce's names of fields from its Object Reference.
"""

from crmcore.formats.table.known_activities import ACTIVITY_LAYOUTS
from crmcore.formats.table.layouts import Layout, any_of

GOOGLE = {
    "name": "name",
    "givenname": "given",
    "additionalname": "additional",
    "familyname": "family",
    "nameprefix": "prefix",
    "namesuffix": "suffix",
    "organization#name": "organisation",
    "organization#title": "title",
    "organization#department": "department",
    "groupmembership": "category",
    "labels": "category",
    "occupation": "role",
    **{
        f"{kind}#{part}": f"{field}.label"
        for kind, field in (
            ("email", "email"),
            ("phone", "phone"),
            ("im", "messenger"),
            ("website", "url"),
            ("address", "address"),
        )
        for part in ("type", "label")
    },
    "email#value": "email",
    "phone#value": "phone",
    "im#value": "messenger",
    "im#service": "messenger.label",
    "website#value": "url",
    "address#formatted": "address",
    "address#street": "street",
    "address#city": "locality",
    "address#pobox": "po_box",
    "address#region": "region",
    "address#postalcode": "postal_code",
    "address#country": "country",
    "address#extendedaddress": "extended",
}
SALESFORCE = {
    "lastname": "family",
    "accountid": "organisation_key",
    "accountname": "organisation",
    "oracleid": "external_id",
    "individualid": "extra",
    "reportstoid": "extra",
    "leadsource": "extra",
    "otherphone": "phone:other",
    "isdeleted": "ignore",
    "systemmodstamp": "ignore",
}
LEAD = {
    **SALESFORCE,
    "company": "organisation",
    "website": "customer.url",
    "industry": "customer.extra",
    "annualrevenue": "customer.extra",
    "numberofemployees": "customer.extra",
    "convertedaccountid": "organisation_key",
}
ACCOUNT = {
    **SALESFORCE,
    "accountnumber": "identifier",
    "accountname": "name",
    "accountid": "external_id",
    "parentid": "parent",
    "type": "relation",
    "tickersymbol": "identifier",
}
HUBSPOT_COMPANY = {
    "name": "name",
    "companyname": "name",
    "companydomainname": "url",
    "recordid": "external_id",
    "companyid": "external_id",
    "parentcompany": "parent",
    "type": "relation",
}

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="opportunities",
        label="opportunities",
        entity="",
        required=(
            any_of("stagename dealstage 商机阶段 销售阶段"),
            any_of("closedate amount 金额 预计金额"),
            any_of("name dealname id 商机名称"),
        ),
    ),
    Layout(
        name="attachments",
        label="attachments",
        entity="",
        required=(any_of("body"), any_of("name"), any_of("parentid parentaccountoracleid parentcontactemail")),
    ),
    Layout(
        name="google",
        label="Google Contacts",
        required=(
            any_of("email#value phone#value address#formatted"),
            any_of("givenname firstname"),
            any_of("groupmembership labels"),
        ),
        columns=GOOGLE,
    ),
    Layout(
        name="outlook",
        label="Outlook contacts",
        required=(
            any_of("emailaddress email#address emaildisplayname"),
            any_of("businessstreet homestreet businessphone"),
            any_of("firstname givenname"),
            any_of("lastname surname"),
            any_of("jobtitle company"),
        ),
        columns={
            "title": "prefix",
            "emailtype": "ignore",
            "emaildisplayname": "extra",
            "email#displayname": "extra",
            "email#type": "ignore",
            "webpage": "url",
            "location": "extra",
            "account": "extra",
            "hobby": "extra",
            "profession": "role",
        },
    ),
    Layout(
        name="salesforce-lead",
        label="Salesforce leads",
        required=(
            any_of("lastname"),
            any_of("company"),
            any_of("leadsource isconverted convertedaccountid rating"),
            any_of("status isconverted"),
        ),
        columns=LEAD,
    ),
    Layout(
        name="salesforce-contact",
        label="Salesforce contacts",
        required=(
            any_of("lastname"),
            any_of("accountid accountname"),
            any_of("mailingstreet mailingcity email phone mobilephone"),
        ),
        columns=SALESFORCE,
    ),
    Layout(
        name="salesforce-account",
        label="Salesforce accounts",
        entity="customer",
        absent=any_of("firstname givenname lastname surname familyname birthdate birthday"),
        required=(
            any_of("name accountname"),
            any_of("accountnumber billingstreet billingcity annualrevenue numberofemployees tickersymbol"),
        ),
        columns=ACCOUNT,
    ),
    Layout(
        name="hubspot-contact",
        label="HubSpot contacts",
        required=(
            any_of("recordid"),
            any_of("firstname"),
            any_of("lifecyclestage leadstatus contactowner associatedcompany"),
        ),
        columns={
            "recordid": "external_id",
            "associatedcompany": "organisation",
            "associatedcompanyid": "organisation_key",
        },
    ),
    Layout(
        name="hubspot-company",
        label="HubSpot companies",
        entity="customer",
        required=(any_of("recordid companyid"), any_of("companyname name"), any_of("companydomainname companyowner")),
        columns=HUBSPOT_COMPANY,
    ),
    Layout(
        name="listed-companies",
        label="listed companies",
        entity="customer",
        required=(any_of("symbol ticker"), any_of("security company name")),
        columns={
            "security": "name",
            "company": "name",
            "symbol": "identifier",
            "ticker": "identifier",
            "cik": "identifier",
        },
    ),
    *ACTIVITY_LAYOUTS,
)
"""The layouts every import knows; the first that fits is taken."""
