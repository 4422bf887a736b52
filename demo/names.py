"""Made-up people, companies and places. Data, nothing else."""

from partners.models import PartnerType


def _words(text: str) -> list[str]:
    return text.split()


FIRST_NAMES = _words(
    """
    Aaron Abby Adrian Aisha Alan Alma Amara Amir Amy Andre Angela Anita Ari Ariel Arturo
    Ashley Beatriz Ben Bianca Blake Brandon Brenda Bridget Bruce Caleb Camila Carla Cecil
    Celia Chen Claire Clint Cora Curtis Dana Daniel Daphne Darius Deepa Denise Derek Diego
    Dolores Dustin Edith Eduardo Elena Eli Elise Emeka Emil Erin Esther Ethan Fatima Felix
    Fiona Frank Gail Gavin Gina Glenn Grace Grant Hana Harold Hector Helen Hugo Ian Ibrahim
    Imani Ines Irene Isaac Ivy Jamal Janet Jasmine Javier Joan Joel Jonah Joyce Julia Kai
    Karen Keith Kenji Kim Kofi Kyle Lara Leah Leon Leticia Linh Logan Lorena Lucas Luz Malik
    Marco Margo Maria Marvin Maya Megan Mei Miles Miriam Nadia Naomi Nathan Neha Nico Noel
    Nora Olga Omar Oscar Paige Patrick Paula Pedro Petra Quentin Rachel Rafael Rashid Renee
    Rita Robin Rosa Ruben Ruth Samir Sandra Sasha Selena Simon Sofia Stella Tamara Tariq
    Teresa Theo Tina Tomas Uma Valerie Vera Victor Wanda Wendell Yara Yusuf Zoe
    """
)

LAST_NAMES = _words(
    """
    Abara Acosta Adair Albers Alvarado Amaya Anders Arroyo Ashby Bancroft Barros Beckett
    Bellamy Benitez Bhatt Birch Blanco Bolton Bonner Brandt Briggs Brody Calloway Cardenas
    Carver Castell Chandra Chowdhury Clemens Colby Cordero Corwin Crane Cruz Dalton Danso
    Darby Delgado Desai Dillard Doyle Draper Duarte Eastman Ekberg Ellery Enright Escobar
    Fairley Farrow Fenwick Ferrante Finley Fontaine Fraser Fuentes Gallo Garrison Gibbs
    Goodwin Greer Guerra Haddad Hale Hanley Harlan Hassan Hayward Herrera Hollis Hoshino
    Huang Hurst Ibarra Ingram Iyer Jansen Jarvis Jimenez Kagan Kapoor Keller Kerr Khoury
    Kimball Kirby Kowalski Lambert Langley Larsen Leclair Lindgren Lockhart Luna Mackey
    Madrid Mahoney Malone Marino Mayfield Mbeki McRae Medina Mehta Mercado Merritt Mistry
    Molina Monroe Morgan Nakamura Navarro Nguyen Nkosi Norris Novoa Oakley Ochoa Okoro Olsen
    Ortega Osborne Paredes Park Patel Pierce Pineda Prescott Quigley Quiroga Rahman Ramsey
    Rawlins Reyes Rhodes Rivas Rourke Rowan Salazar Sandoval Santos Sawyer Schaefer Sharma
    Shaw Sheridan Silva Sloan Solis Stanton Sutter Tanaka Tapia Thorne Tilden Toledo
    Trujillo Underhill Valdez Vance Vargas Velez Vickers Wade Walsh Warner Webb Weller
    Whitaker Winslow Yamada Yates York Zamora Zhao Zimmer
    """
)

COMPANY_STEMS = _words(
    """
    Amberfield Anchorage Ashgrove Beacon Birchwood Heron Bluestone Brightwater Canopy
    Cedarcrest Clearbrook Copperleaf Cornerstone Crestline Driftwood Eastgate Elmhurst
    Evergreen Fairway Fieldstone Foxglove Gable Goldenrod Granite Greystone Harborlight
    Hawthorn Hearthside Highbridge Homeward Ironwood Juniper Keystone Kingfisher Lantern
    Larkspur Laurel Lighthouse Linden Longmeadow Maplecrest Meadowlark Millstone Northfield
    Oakline Orchard Parkside Pinecrest Prairie Quarry Redbud Ridgeway Riverbend Rosewood
    Sandstone Silverlake Skylark Springwell Stonegate Summerhill Sycamore Thistle Timberline
    Tidewater Union Valleyview Westbrook Willow Windrose Wren
    """
)

COMPANY_KINDS: dict[PartnerType, list[str]] = {
    PartnerType.REALTOR: ["Realty", "Homes", "Properties", "Real Estate Group", "Realty Partners"],
    PartnerType.BUILDER: ["Builders", "Custom Homes", "Construction", "Communities"],
    PartnerType.FINANCIAL_ADVISOR: ["Wealth Planning", "Financial", "Advisors"],
    PartnerType.CPA: ["Accounting", "Tax & Books", "CPAs"],
    PartnerType.ATTORNEY: ["Law", "Legal Group", "Law Office"],
    PartnerType.INSURANCE_AGENT: ["Insurance", "Insurance Agency"],
    PartnerType.TITLE_ESCROW: ["Title", "Escrow", "Title & Escrow"],
    PartnerType.PAST_CLIENT: [],
    PartnerType.OTHER: ["Relocation", "Home Inspection", "Staging"],
}

STREETS = [
    "Maple Street",
    "Oak Avenue",
    "Second Street",
    "Main Street",
    "Chestnut Lane",
    "Mill Road",
    "Park Avenue",
    "Lakeview Drive",
    "Church Street",
    "Elm Court",
    "Harbor Way",
    "College Avenue",
    "Sunset Boulevard",
    "Depot Street",
]

# City, state, ZIP code, area code: by time zone.
PLACES: dict[str, list[tuple[str, str, str, str]]] = {
    "America/New_York": [
        ("Hartford", "CT", "06103", "860"),
        ("Albany", "NY", "12207", "518"),
        ("Trenton", "NJ", "08608", "609"),
        ("Richmond", "VA", "23219", "804"),
        ("Raleigh", "NC", "27601", "919"),
        ("Columbus", "OH", "43215", "614"),
        ("Savannah", "GA", "31401", "912"),
        ("Pittsburgh", "PA", "15222", "412"),
    ],
    "America/Chicago": [
        ("Madison", "WI", "53703", "608"),
        ("Des Moines", "IA", "50309", "515"),
        ("Saint Paul", "MN", "55102", "651"),
        ("Peoria", "IL", "61602", "309"),
        ("Tulsa", "OK", "74103", "918"),
        ("Nashville", "TN", "37203", "615"),
        ("Austin", "TX", "78701", "512"),
    ],
    "America/Denver": [
        ("Boise", "ID", "83702", "208"),
        ("Boulder", "CO", "80302", "303"),
        ("Santa Fe", "NM", "87501", "505"),
        ("Provo", "UT", "84601", "801"),
        ("Billings", "MT", "59101", "406"),
    ],
    "America/Los_Angeles": [
        ("Tacoma", "WA", "98402", "253"),
        ("Salem", "OR", "97301", "503"),
        ("Sacramento", "CA", "95814", "916"),
        ("Fresno", "CA", "93721", "559"),
        ("Reno", "NV", "89501", "775"),
        ("Spokane", "WA", "99201", "509"),
    ],
}

SOURCES = [
    "Open house",
    "Introduced by a partner",
    "Chamber of Commerce breakfast",
    "Closing table",
    "Homebuyer class",
    "Board of Realtors meeting",
    "Builder association mixer",
    "Website",
    "Past closing",
    "Neighborhood event",
]

TAGS = [
    "first-time buyers",
    "new construction",
    "VA loans",
    "luxury",
    "relocation",
    "investors",
    "bilingual team",
    "team lead",
    "hosts open houses",
    "condos",
    "speaks at classes",
    "book club",
]

PARTNER_NOTES = [
    "Prefers a text before a call.",
    "Best reached before 10 in the morning.",
    "Wants numbers in writing after each talk.",
    "Likes to meet at the coffee place next to the office.",
    "Sends a monthly newsletter; happy to carry our class dates.",
    "Works with a transaction coordinator: copy both on updates.",
    "Runs a Saturday open house most weeks in season.",
    "Asks good questions about down payment programs.",
    "Does not like to be called on Mondays.",
    "Leads a team of four; the team meeting is on Tuesdays.",
]

LEFT_BECAUSE = [
    "Left the industry: teaches at the community college now.",
    "Retired and gave the license back.",
    "Left real estate for a job in hospital administration.",
    "Moved abroad and closed the practice.",
]

NEXT_STEPS = [
    "Call about the new listings",
    "Coffee to compare notes on the market",
    "Send the down payment program sheet",
    "Invite to the next homebuyer class",
    "Ask how the open house went",
    "Book the partnership review",
    "Send the rate outlook",
    "Plan the co-hosted class",
    "Introduce to the new processor",
    "Lunch with the two newest agents of the team",
    "Check in after the closing",
    "Share the condo approval list",
    "Walk through the model home",
    "Answer the question about bridge loans",
    "Write a note after the move to the new office",
]
