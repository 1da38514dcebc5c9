"""What the columns of Salesforce's and HubSpot's tables are called, and what our fields are called in Chinese ones.

Headings are compared without case, spaces and punctuation, so the names of Salesforce's API (`StageName`, as its Data
Loader writes them) and the labels of its reports (`Stage Name`) are one. Sources: Salesforce's Object Reference; the
properties of deals, line items and products that HubSpot writes into its exports.
"""

ID = ("Id", "Opportunity ID", "Record ID", "Deal ID", "referenceId", "商机编号")
DELETED = ("IsDeleted",)
TITLE = ("Name", "Opportunity Name", "Deal Name", "商机名称", "商机")
STAGE = ("StageName", "Stage", "Deal Stage", "商机阶段", "销售阶段", "阶段")
CLOSED = ("IsClosed", "Closed", "Is Deal Closed?")
WON = ("IsWon", "Won", "Is Closed Won")
AMOUNT = ("Amount", "Deal Amount", "金额", "预计金额", "成交金额")
CURRENCY = ("CurrencyIsoCode", "Currency", "Amount Currency", "Deal Currency", "币种", "货币")
PROBABILITY = ("Probability", "Probability (%)", "Deal Probability", "赢单率", "赢率", "可能性")
CLOSE = ("CloseDate", "Close Date", "Expected Close Date", "结束日期", "预计成交日期", "成交日期")
CATEGORY = ("ForecastCategoryName", "ForecastCategory", "Forecast Category", "预测类别")
NEXT_STEP = ("NextStep", "Next Step", "下一步")
LEAD_SOURCE = ("LeadSource", "Lead Source", "Original Source", "Original Traffic Source", "线索来源", "来源")
CAMPAIGN = ("Campaign.Name", "Primary Campaign Source", "Campaign", "CampaignId", "市场活动")
REASON = ("Reason", "Loss Reason", "Closed Lost Reason", "Closed Won Reason", "输单原因", "赢单原因")
NOTE = ("Description", "Deal Description", "描述", "备注")
CREATED = ("CreatedDate", "Create Date", "创建日期", "创建时间")

ACCOUNT_ID = ("AccountId", "Associated Company IDs", "Associated Company IDs (Primary)", "Company ID")
ACCOUNT = (
    "Account.Name",
    "Account Name",
    "Associated Company",
    "Associated Company (Primary)",
    "Company",
    "客户名称",
    "客户",
)
CONTACT_ID = ("ContactId", "Primary_Contact__c", "npsp__Primary_Contact__c", "Associated Contact IDs")
CONTACT = ("Contact.Email", "Primary Contact", "Contact Name", "Associated Contact", "联系人")
OWNER = (
    "Owner.Email", "Owner Email", "Opportunity Owner Email", "Owner.Name", "Opportunity Owner", "Deal Owner",
    "Lead Owner", "Owner", "OwnerId", "商机所有人", "负责人", "所有人",
)  # fmt: skip

REPEATED = (
    "SystemModstamp", "ExpectedRevenue", "Expected Revenue", "Fiscal", "FiscalQuarter", "FiscalYear", "Fiscal Period",
    "HasOpportunityLineItem", "LastViewedDate", "LastReferencedDate", "Weighted Amount", "Amount in company currency",
    "attributes",
)  # fmt: skip
"""Columns that say again what others say, or how a system keeps them: these are left out."""

OPPORTUNITY = (
    *ID, *DELETED, *TITLE, *STAGE, *CLOSED, *WON, *AMOUNT, *CURRENCY, *PROBABILITY, *CLOSE, *CATEGORY, *NEXT_STEP,
    *LEAD_SOURCE, *CAMPAIGN, *REASON, *NOTE, *CREATED, *ACCOUNT_ID, *ACCOUNT, *CONTACT_ID, *REPEATED,
)  # fmt: skip
"""What an opportunity takes from its columns; an owner's name stays beside it, whether we know the owner or not."""

LEAD_STATUS = ("Status", "Lead Status", "线索状态")
LEAD_NAME = ("Lead Name",)
CONVERTED = ("IsConverted", "Converted")
CONVERTED_ON = ("ConvertedDate", "Converted Date")

PRODUCT_ID = ("Id", "Product ID", "Record ID", "referenceId")
PRODUCT_CODE = ("ProductCode", "Product Code", "SKU", "产品编码", "产品代码")
PRODUCT_NAME = ("Name", "Product Name", "产品名称")
FAMILY = ("Family", "Product Family", "Product Type", "产品系列")
UNIT = ("QuantityUnitOfMeasure", "Quantity Unit Of Measure", "Unit", "单位")
ACTIVE = ("IsActive", "Active", "Active (Product)", "Status")
COST = ("Unit Cost", "Cost of Goods Sold", "Cost", "成本")
PRICE = ("UnitPrice", "Unit Price", "List Price", "Price", "Sales Price", "单价")
PRICE_LIST = ("Pricebook2.Name", "Price Book Name", "Price Book: Price Book Name", "Pricebook2Id", "价格表")
FROM = ("Valid From", "有效期从", *CREATED)

OPPORTUNITY_ID = ("OpportunityId", "Opportunity ID", "Associated Deal IDs", "Associated Deal ID", "Deal ID")
PRODUCT2_ID = ("Product2Id", "Product ID")
LINE_TEXT = ("Product2.Name", "Product Name", "Name", "Description", "产品名称")
QUANTITY = ("Quantity", "数量")
ROLE_CONTACT_ID = ("ContactId", "Contact ID")
ROLE = ("Role", "Contact Role")
PRIMARY = ("IsPrimary", "Primary")
