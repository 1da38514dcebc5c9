"""What the columns of other help desks' tables are called, and what our fields are called in Chinese ones.

Headings are compared without case, spaces and punctuation, so the names of Salesforce's API (`CaseNumber`) and the
labels of its reports (`Case Number`) are one. Sources: Case and CaseComment in Salesforce's Object Reference; what
Zendesk writes into its CSV export of tickets, and Freshdesk into its.
"""

ID = ("Id", "Case ID", "Ticket ID", "工单编号", "工单ID")
NUMBER = ("CaseNumber", "Case Number", "Ticket Number", "工单号")
DELETED = ("IsDeleted",)
SUBJECT = ("Subject", "Case Subject", "主题", "工单标题")
TEXT = ("Description", "Case Description", "描述", "问题描述")
STATUS = ("Status", "Case Status", "状态", "工单状态")
CLOSED = ("IsClosed",)
PRIORITY = ("Priority", "Case Priority", "优先级")
CHANNEL = ("Origin", "Case Origin", "Via", "Source", "来源", "渠道")
CATEGORY = ("Type", "Case Type", "Ticket type", "类型", "问题类型")
CAUSE = ("Reason", "Case Reason", "原因")
RESOLUTION = ("Resolution__c", "Resolution", "解决方案")
QUEUE = ("Group", "Queue", "Case Owner Queue", "队列", "技能组")
OWNER = ("Owner.Email", "Owner.Name", "Owner", "Case Owner", "Assignee", "Agent", "OwnerId", "受理人", "负责人")
CONTACT_ID = ("ContactId", "Contact ID")
CUSTOMER_ID = ("AccountId", "Account ID")
PERSON = ("Contact.Name", "Contact Name", "SuppliedName", "Web Name", "Requester", "Full name", "联系人", "姓名")
EMAIL = ("Contact.Email", "Contact Email", "SuppliedEmail", "Web Email", "Requester email", "Email", "邮箱", "电子邮件")
PHONE = ("Contact.Phone", "SuppliedPhone", "Web Phone", "Work phone", "Mobile phone", "电话", "手机")
CUSTOMER = ("Account.Name", "Account Name", "SuppliedCompany", "Organization", "Company Name", "客户", "公司")
CREATED = ("CreatedDate", "Date/Time Opened", "Opened Date", "Created at", "Created time", "Created Date", "创建时间")
RESPONDED = ("FirstResponseDate__c", "Initial response time", "首次响应时间")
MINUTES = ("First reply time in minutes",)
RESOLVED = ("Solved at", "Resolved time", "Resolved at", "解决时间")
ENDED = ("ClosedDate", "Date/Time Closed", "Closed time", "Closed Date", "关闭时间")
REOPENED = ("Reopens", "重开次数")

TICKET = (
    *ID, *DELETED, *SUBJECT, *TEXT, *STATUS, *CLOSED, *PRIORITY, *CHANNEL, *CATEGORY, *CAUSE, *RESOLUTION, *QUEUE,
    *CONTACT_ID, *CUSTOMER_ID, *PERSON, *EMAIL, *PHONE, *CUSTOMER, *CREATED, *RESPONDED, *MINUTES, *RESOLVED, *ENDED,
    *REOPENED, "attributes", "SystemModstamp", "LastModifiedDate", "LastViewedDate", "LastReferencedDate",
    "Updated at", "Last update time", "OpenedDays__c",
)  # fmt: skip
"""What a ticket takes from its columns; an owner's name stays beside it, whether we know the owner or not."""

COMMENT_TICKET = ("ParentId", "Case ID", "CaseId", "Ticket ID", "工单编号")
COMMENT_ID = ("Id", "Comment ID", "Case Comment ID", "评论编号")
COMMENT_TEXT = ("CommentBody", "Comment Body", "Comment", "Case Comments", "Body", "评论", "内容")
COMMENT_PUBLIC = ("IsPublished", "Published", "Public", "公开")
COMMENT_AUTHOR = ("CreatedBy.Email", "CreatedBy.Name", "Author", "Created By", "CreatedById", "作者")
COMMENT = (
    *COMMENT_TICKET, *COMMENT_ID, *COMMENT_TEXT, *COMMENT_PUBLIC, *COMMENT_AUTHOR, *CREATED, *DELETED, "attributes",
    "SystemModstamp", "LastModifiedDate",
)  # fmt: skip

COST_ID = ("Id", "Cost ID", "Entry ID", "编号")
COST_DAY = ("Day", "Date", "Work Date", "日期", "费用日期")
COST_AMOUNT = ("Amount", "Cost", "Cost Amount", "金额", "费用")
COST_KIND = ("Kind", "Cost Type", "Expense Type", "费用类型", "费用类别")
COST_MINUTES = ("Minutes", "Duration in minutes", "分钟")
COST_USER = ("User", "Engineer", "Technician", "Employee", "工程师", "人员")
COST_TICKET = ("Ticket", "Ticket ID", "Case", "CaseId", "Case Number", "工单", "工单编号")
COST_CONTRACT = ("Contract", "Contract Number", "合同", "合同编号")
COST_CURRENCY = ("CurrencyIsoCode", "Currency", "币种", "货币")
COST_RATE = ("Rate", "Exchange Rate", "汇率")
COST_NOTE = ("Note", "Notes", "Description", "备注", "说明")
