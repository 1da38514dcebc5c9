"""What the columns of Salesforce's and HubSpot's tables are called, and what our fields are called in Chinese ones.

Headings are compared without case, spaces and punctuation, so the names of Salesforce's API (`BudgetedCost`, as its
Data Loader writes them) and the labels of its reports (`Budgeted Cost`) are one. Sources: Campaign and CampaignMember
in Salesforce's Object Reference; what HubSpot writes into its exports of campaigns and of lists.
"""

ID = ("Id", "Campaign ID", "Campaign GUID", "Record ID", "活动编号")
DELETED = ("IsDeleted",)
NAME = ("Name", "Campaign Name", "市场活动名称", "活动名称")
CODE = ("Code__c", "Campaign Code", "Code", "活动代码")
PARENT_ID = ("ParentId", "Parent Campaign ID")
PARENT = ("Parent.Name", "Parent Campaign", "Parent Campaign: Campaign Name", "上级活动")
TYPE = ("Type", "Campaign Type", "类型", "活动类型")
STATUS = ("Status", "Campaign Status", "状态", "活动状态")
ACTIVE = ("IsActive", "Active")
START = ("StartDate", "Start Date", "Campaign Start Date", "开始日期")
END = ("EndDate", "End Date", "Campaign End Date", "结束日期")
BUDGET = ("BudgetedCost", "Budgeted Cost", "Budgeted Cost in Campaign", "Budget Total", "Campaign Budget", "Budget",
          "预算", "预算成本")  # fmt: skip
COST = ("ActualCost", "Actual Cost", "Actual Cost in Campaign", "Spend Total", "Campaign Spend", "Spend", "实际成本")
REVENUE = ("ExpectedRevenue", "Expected Revenue", "Expected Revenue in Campaign", "预期收入")
SENT = ("NumberSent", "Num Sent", "Number Sent", "Num Sent in Campaign", "发送数")
PLACE = ("Place__c", "Place", "City", "地点", "城市")
CHANNEL = ("Channel__c", "Channel", "渠道")
INDUSTRY = ("Industry__c", "Industry", "行业")
PRODUCTS = ("Products__c", "Products", "产品")
CURRENCY = ("CurrencyIsoCode", "Currency", "Campaign Currency", "币种", "货币")
RATE = ("Rate__c", "Rate", "Exchange Rate", "汇率")
OWNER = ("Owner.Email", "Owner Email", "Campaign Owner", "Campaign Owner: Full Name", "Owner.Name", "Owner", "OwnerId",
         "负责人", "所有人")  # fmt: skip
NOTE = ("Description", "Campaign Description", "Notes", "Campaign Notes", "描述", "备注")
CREATED = ("CreatedDate", "Created Date", "Create Date", "Created", "创建日期", "创建时间")

REPEATED = (
    "AmountAllOpportunities", "AmountWonOpportunities", "HierarchyActualCost", "HierarchyAmountAllOpportunities",
    "HierarchyAmountWonOpportunities", "HierarchyBudgetedCost", "HierarchyExpectedRevenue", "HierarchyNumberOfContacts",
    "HierarchyNumberOfConvertedLeads", "HierarchyNumberOfLeads", "HierarchyNumberOfOpportunities",
    "HierarchyNumberOfResponses", "HierarchyNumberOfWonOpportunities", "HierarchyNumberSent", "NumberOfContacts",
    "NumberOfConvertedLeads", "NumberOfLeads", "NumberOfOpportunities", "NumberOfResponses",
    "NumberOfWonOpportunities", "SystemModstamp", "LastModifiedDate", "LastActivityDate", "LastViewedDate",
    "LastReferencedDate", "ActualCostBase__c", "attributes",
)  # fmt: skip
"""Columns that say again what others say, or how a system keeps them: these are left out."""

CAMPAIGN = (
    *ID, *DELETED, *NAME, *CODE, *PARENT_ID, *PARENT, *TYPE, *STATUS, *ACTIVE, *START, *END, *BUDGET, *COST, *REVENUE,
    *SENT, *PLACE, *CHANNEL, *INDUSTRY, *PRODUCTS, *CURRENCY, *RATE, *NOTE, *CREATED, *REPEATED,
)  # fmt: skip
"""What a campaign takes from its columns; an owner's name stays beside it, whether we know the owner or not."""

CAMPAIGN_ID = ("CampaignId", "Campaign ID", "Campaign.Id")
CAMPAIGN_NAME = ("Campaign.Name", "Campaign Name", "Campaign: Campaign Name", "Campaign", "List Name", "List",
                 "Code__c", "Campaign Code", "活动名称", "市场活动", "活动", "名单")  # fmt: skip
LIST = ("List Name", "List", "List Membership", "名单")
MEMBER_ID = ("Id", "Member ID", "CampaignMember ID")
CONTACT_ID = ("ContactId", "Contact ID", "Contact.Id")
LEAD_ID = ("LeadId", "Lead ID", "Lead.Id")
EMAIL = ("Email", "Contact.Email", "Lead.Email", "Email Address", "邮箱", "电子邮件")
PERSON = ("Contact.Name", "Member Name", "Full Name", "联系人", "姓名")
MEMBER_STATUS = ("Status", "Member Status", "CampaignMember Status", "成员状态", "状态")
RESPONDED = ("HasResponded", "Responded", "Has Responded", "已响应")
RESPONDED_ON = ("FirstRespondedDate", "First Responded Date", "Date First Responded", "响应日期")
MEMBER = (
    *CAMPAIGN_ID, *CAMPAIGN_NAME, *MEMBER_ID, *CONTACT_ID, *LEAD_ID, *EMAIL, *PERSON, *MEMBER_STATUS, *RESPONDED,
    *RESPONDED_ON, *DELETED, *NOTE, *CREATED, *REPEATED, "FirstName", "First Name", "LastName", "Last Name", "Name",
    "LeadOrContactId", "LeadOrContactOwnerId", "CompanyOrAccount",
)  # fmt: skip
"""What a member takes from its columns; whose name they tell is told by the contact."""

SPEND_DAY = ("Day", "Date", "Spend Date", "日期", "费用日期")
SPEND_AMOUNT = ("Amount", "Cost", "Spend", "金额", "费用")
SPEND_WHAT = ("What", "Item", "For", "Category", "Description", "用途", "项目")
SUPPLIER = ("Supplier", "Vendor", "供应商")
