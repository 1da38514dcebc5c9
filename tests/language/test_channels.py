import pytest

from crmcore.language.channels import find_channel, find_direction


@pytest.mark.parametrize(
    ("text", "channel", "direction"),
    [
        ("called Li", "call", "out"),
        ("Li called", "call", "in"),
        ("he called", "call", "in"),
        ("I called him", "call", "out"),
        ("call from Li", "call", "in"),
        ("left voicemail for Li", "call", "out"),
        ("I wrote to Li", "email", "out"),
        ("email from Bob", "email", "in"),
        ("meeting with Li", "meeting", ""),
        ("visited Huaxin", "visit", "out"),
        ("WhatsApp from Li", "chat", ""),
        ("got a fax", "fax", "in"),
        ("bought a new phone system", "", ""),
        ("Li likes tea", "", ""),
        ("李伟来电", "call", "in"),
        ("给李伟打了电话", "call", "out"),
        ("致电王总", "call", "out"),
        ("王总打来电话", "call", "in"),
        ("收到王总邮件", "email", "in"),
        ("给王总发了微信", "chat", "out"),
        ("上门拜访", "visit", "out"),
        ("和王总开会", "meeting", ""),
        ("他的电话号码变了", "", ""),
        ("传真", "fax", ""),
    ],
)
def test_channel_and_direction(text: str, channel: str, direction: str) -> None:
    assert find_channel(text) == channel
    if channel:
        assert find_direction(text) == direction
