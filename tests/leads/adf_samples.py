"""Documents as senders write them, by the shape each stands for."""

SPLIT_NAMES = """<?xml version="1.0" encoding="UTF-8"?>
<?adf version="1.0"?>
<adf><prospect status="new">
  <id sequence="1" source="PakMotors">PM-881</id>
  <requestdate>2026-11-21T10:15:00+05:00</requestdate>
  <vehicle interest="buy" status="used">
    <id source="stock">s-corolla</id><year>2019</year><make>Toyota</make><model>Corolla</model><trim>Altis 1.6</trim>
    <stock>s-corolla</stock><odometer status="original" units="km">54000</odometer>
    <colorcombination><exteriorcolor>White</exteriorcolor></colorcombination>
    <price type="asking" currency="PKR">4850000</price><option><optionname>Sun roof</optionname></option>
  </vehicle>
  <vehicle interest="trade-in" status="used"><year>2014</year><make>Suzuki</make><model>Mehran</model>
    <odometer units="km">91000</odometer></vehicle>
  <customer><contact primarycontact="1">
    <name part="first" type="individual">Nadia</name><name part="last" type="individual">Iqbal</name>
    <email>Nadia@Example.pk</email><phone type="cellphone" time="evening">0301 7654321</phone>
    <address type="home"><city>Lahore</city><regioncode>PB</regioncode><country>PK</country></address>
  </contact><comments><![CDATA[گاڑی کب دیکھ سکتے ہیں؟]]></comments></customer>
  <vendor><vendorname>Ravi</vendorname><contact><name part="full">Ravi, Gujranwala</name></contact></vendor>
  <provider><name part="full">PakMotors</name><service>Car page form</service>
  <url>https://pakmotors.example</url></provider>
</prospect></adf>"""

FULL_NAME = """<adf><prospect><customer><contact><name part="full">Bilal Ahmed</name>
<phone type="voice">+92 321 5550001</phone></contact></customer>
<vehicle><make>Honda</make><model>City</model></vehicle></prospect></adf>"""

PHONE_WITHOUT_TYPE = """<adf><prospect><customer><contact><name>Bilal Ahmed</name><phone>0321-5550001</phone></contact>
</customer></prospect></adf>"""

TRADE_IN_FIRST = """<adf><prospect>
<vehicle interest="Trade-In"><year>2012</year><make>Daihatsu</make><model>Cuore</model></vehicle>
<vehicle interest="sell"><make>Kia</make><model>Spectra</model></vehicle>
<vehicle interest="test_drive"><make>Kia</make><model>Sportage</model></vehicle>
<vehicle interest="buy"><year>2022</year><make>Kia</make><model>Picanto</model></vehicle>
<customer><contact><name>Hina</name><phone>03215550002</phone></contact></customer></prospect></adf>"""

MAIL_AND_MODEL_ONLY = """<adf><prospect><vehicle><model>Alto</model></vehicle>
<customer><contact><name>Usman</name><email>usman@example.pk</email></contact></customer></prospect></adf>"""

CAPITALS = """<ADF><PROSPECT><VEHICLE INTEREST="BUY"><MAKE>Toyota</MAKE><MODEL>Yaris</MODEL></VEHICLE>
<CUSTOMER><CONTACT><NAME PART="FULL">Sadia</NAME><PHONE TYPE="CELLPHONE">03215550003</PHONE></CONTACT></CUSTOMER>
</PROSPECT></ADF>"""

PREFIXED = """<a:adf xmlns:a="urn:adf"><a:prospect><a:vehicle a:interest="buy"><a:make>Toyota</a:make></a:vehicle>
<a:customer><a:contact><a:name a:part="full">Omar</a:name><a:phone>03215550004</a:phone></a:contact></a:customer>
</a:prospect></a:adf>"""

PREFIX_OF_NOBODY = PREFIXED.replace(' xmlns:a="urn:adf"', "")

BARE_PROSPECT = """<prospect><customer><contact><name>Zara</name><phone>03215550005</phone></contact></customer>
</prospect>"""

SHAPES = {
    "split names": (SPLIT_NAMES, "Nadia Iqbal", "+923017654321", "2019 Toyota Corolla Altis 1.6"),
    "full name": (FULL_NAME, "Bilal Ahmed", "+923215550001", "Honda City"),
    "phone without type": (PHONE_WITHOUT_TYPE, "Bilal Ahmed", "+923215550001", None),
    "trade-in first": (TRADE_IN_FIRST, "Hina", "+923215550002", "2022 Kia Picanto"),
    "mail and model only": (MAIL_AND_MODEL_ONLY, "Usman", None, "Alto"),
    "capitals": (CAPITALS, "Sadia", "+923215550003", "Toyota Yaris"),
    "prefixed": (PREFIXED, "Omar", "+923215550004", "Toyota"),
    "a prefix nobody declared": (PREFIX_OF_NOBODY, "Omar", "+923215550004", "Toyota"),
    "bare prospect": (BARE_PROSPECT, "Zara", "+923215550005", None),
}
"""Document, buyer's name, phone, title of the vehicle asked for."""

ALSO_SEEN = """<adf><prospect><leadtype>Finance</leadtype><requestdate>2026-11-21T10:15:00</requestdate>
<vehicle interest="buy"><make>MG</make><model>HS</model><odometer unit="km">12000</odometer></vehicle>
<customer><contact><name>Farhan</name><phone type="fax">0423-5761234</phone><phone>0300 000</phone>
<phone type="voice">042-35761234</phone><phone type="cellphone">03215550006</phone>
<email>not an address</email></contact>
<loyalty><card>Gold</card></loyalty><nothing/></customer>
<vendorname>Outside</vendorname>
<vendor><vendorname>Gujranwala</vendorname></vendor>
<finance><method>lease</method></finance></prospect></adf>"""

TWO_PROSPECTS = """<adf>
<prospect><id source="Feed">1</id><customer><contact><name>One</name><phone>03215550010</phone></contact></customer>
</prospect>
<prospect><id source="Feed">2</id><customer><contact><name>Two</name><phone>03215550011</phone></contact></customer>
</prospect>
</adf>"""


def plain(phone: str = "03215550020", inside: str = "", buyer: str = "Ali") -> str:
    """The least that is a lead."""
    return (
        f"<adf><prospect>{inside}<customer><contact><name>{buyer}</name><phone>{phone}</phone></contact></customer>"
        "</prospect></adf>"
    )
