"""“Nobody answers the phone”, in twenty languages that families write in."""

LANGUAGES = {
    "Arabic": "لا أحد يرد على الهاتف",
    "Bengali": "কেউ ফোন ধরে না",
    "Chinese": "没有人接电话",
    "Czech": "Nikdo nezvedá telefon",
    "Farsi": "هیچ‌کس تلفن را جواب نمی‌دهد",
    "French": "Personne ne répond au téléphone",
    "Greek": "Κανείς δεν απαντά στο τηλέφωνο",
    "Gujarati": "કોઈ ફોન ઉપાડતું નથી",
    "Hebrew": "אף אחד לא עונה לטלפון",
    "Hindi": "कोई फ़ोन नहीं उठाता",
    "Japanese": "誰も電話に出ません",
    "Polish": "Nikt nie odbiera telefonu",
    "Punjabi": "ਕੋਈ ਫ਼ੋਨ ਨਹੀਂ ਚੁੱਕਦਾ",
    "Romanian": "Nimeni nu răspunde la telefon",
    "Russian": "Никто не берёт трубку",
    "Somali": "Qofna telefoonka ma qabto",
    "Tamil": "யாரும் தொலைபேசியை எடுப்பதில்லை",
    "Turkish": "Kimse telefona bakmaz, hiç",
    "Urdu": "کوئی فون نہیں اٹھاتا",
    "Welsh": "Does neb yn ateb y ffôn",
}
