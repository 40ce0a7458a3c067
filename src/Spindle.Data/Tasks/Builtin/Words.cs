namespace Spindle.Data.Tasks.Builtin;

/// <summary>The open-class words of the built-in tasks: common ones, which a vocabulary of word pieces holds whole.</summary>
internal static class Words
{
    public static readonly Concept[] People =
    [
        new("man", "gentleman"), new("woman", "lady"), new("doctor", "physician"), new("child", "kid"),
        new("teacher", "instructor"), new("lawyer", "attorney"), new("soldier", "trooper"), new("author", "writer"),
        new("police officer", "cop"), new("boss", "manager"), new("farmer", "grower"), new("priest", "minister"),
        new("thief", "robber"), new("student", "pupil"), new("boy", "lad"), new("sailor", "seaman"),
        new("actor", "performer"), new("king", "monarch"), new("visitor", "guest"), new("pilot", "aviator"),
        new("girl", "young lady"), new("neighbor", "resident"), new("baker", "pastry cook"), new("merchant", "trader"),
    ];

    public static readonly ActionConcept[] Actions =
    [
        new(["buying", "purchasing"], "selling", ["animal", "instrument", "vehicle", "fruit", "garment", "tool"]),
        new(["repairing", "fixing"], "breaking", ["instrument", "vehicle", "tool", "piece of furniture"]),
        new(["carrying", "transporting"], "dropping", ["instrument", "fruit", "tool", "piece of furniture"]),
        new(["looking for", "searching for"], "hiding", ["animal", "instrument", "vehicle", "garment", "tool", "fruit"]),
        new(["cleaning", "washing"], "soiling", ["animal", "vehicle", "garment", "fruit", "piece of furniture"]),
        new(["drawing", "sketching"], "erasing", ["animal", "vehicle", "fruit", "instrument", "tool"]),
        new(["pushing", "shoving"], "pulling", ["vehicle", "piece of furniture", "animal"]),
        new(["collecting", "gathering"], "throwing away", ["fruit", "tool", "garment", "instrument"]),
        new(["watching", "observing"], "ignoring", ["animal", "vehicle"]),
        new(["receiving", "accepting"], "refusing", ["animal", "fruit", "garment", "instrument", "tool"]),
        new(["borrowing", "renting"], "returning", ["vehicle", "tool", "instrument", "garment"]),
        new(["choosing", "selecting"], "rejecting", ["fruit", "garment", "piece of furniture", "vehicle", "animal"]),
    ];

    public static readonly Concept[] Places =
    [
        new("in the garden", "in the yard"), new("on the street", "on the road"), new("in the forest", "in the woods"), new("on the beach", "on the shore"),
        new("at home", "in the house"), new("in the store", "in the shop"), new("at the harbor", "at the port"), new("in the city", "in the town"),
        new("in the kitchen"), new("at school"), new("in the park"), new("in the field", "in the meadow"),
    ];

    public static readonly (string Kind, Concept[] Concepts)[] Things =
    [
        ("animal",
        [
            new("dog", "hound"), new("cat", "kitten"), new("horse", "stallion"), new("rabbit", "bunny"),
            new("pig", "hog"), new("cow"), new("goat"), new("sheep", "lamb"),
            new("lion"), new("duck"), new("bear"), new("donkey"),
        ]),
        ("instrument",
        [
            new("guitar"), new("violin", "fiddle"), new("piano"), new("trumpet"),
            new("drum"), new("flute"), new("cello"), new("harp"),
        ]),
        ("vehicle",
        [
            new("car", "automobile"), new("bicycle", "bike"), new("truck"), new("boat", "ship"),
            new("motorcycle"), new("bus"), new("taxi", "cab"), new("wagon", "cart"),
        ]),
        ("fruit",
        [
            new("apple"), new("banana"), new("pear"), new("peach"),
            new("orange"), new("lemon"), new("melon"), new("cherry"),
        ]),
        ("garment",
        [
            new("coat", "jacket"), new("shirt"), new("dress", "gown"), new("sweater"),
            new("skirt"), new("hat", "cap"), new("scarf"), new("vest"),
        ]),
        ("tool",
        [
            new("hammer"), new("shovel", "spade"), new("axe"), new("knife", "blade"),
            new("saw"), new("drill"), new("wrench"), new("ladder"),
        ]),
        ("piece of furniture",
        [
            new("sofa", "couch"), new("table"), new("chair"), new("bed"),
            new("desk"), new("cupboard", "cabinet"), new("wardrobe", "closet"), new("bookcase", "shelf"),
        ]),
    ];

    public static readonly string[] Praise =
    [
        "wonderful", "excellent", "brilliant", "superb", "delightful", "charming", "amazing", "fantastic",
        "beautiful", "lovely", "great", "magnificent", "impressive", "outstanding", "fascinating", "marvelous",
        "pleasant", "perfect", "elegant", "splendid", "inspiring", "clever", "enjoyable", "remarkable",
        "graceful", "gorgeous", "exciting", "admirable", "touching", "comfortable", "terrific", "memorable",
    ];

    public static readonly string[] Blame =
    [
        "terrible", "awful", "horrible", "boring", "disgusting", "dreadful", "stupid", "disappointing",
        "ugly", "painful", "poor", "annoying", "miserable", "pathetic", "nasty", "ridiculous",
        "tedious", "worthless", "clumsy", "unpleasant", "dull", "shameful", "hideous", "frustrating",
        "filthy", "sloppy", "depressing", "weak", "useless", "lousy", "hopeless", "mediocre",
    ];

    public static readonly string[] Subjects =
    [
        "film", "story", "meal", "service", "hotel room", "music", "book", "performance",
        "concert", "ending", "plot", "dinner", "acting", "show", "game", "script",
        "song", "view", "play", "voice", "design", "speech", "soup", "novel",
        "dance", "picture", "breakfast", "staff", "album", "garden", "movie", "wine",
    ];

    public static readonly string[] Nouns =
    [
        "key", "letter", "picture", "book", "teacher", "doctor", "driver", "student",
        "bottle", "lamp", "window", "door", "guard", "singer", "player", "hunter",
        "chair", "cup", "table", "box", "farmer", "sister", "brother", "uncle",
        "photo", "ticket", "card", "coin", "dancer", "worker", "painter", "waiter",
        "ring", "map", "basket", "hat", "lawyer", "nurse", "pilot", "captain",
    ];

    public static readonly VerbForms[] Verbs =
    [
        new("see", "sees", "saw", "seen", "seeing"), new("take", "takes", "took", "taken", "taking"),
        new("break", "breaks", "broke", "broken", "breaking"), new("choose", "chooses", "chose", "chosen", "choosing"),
        new("give", "gives", "gave", "given", "giving"), new("forget", "forgets", "forgot", "forgotten", "forgetting"),
        new("write", "writes", "wrote", "written", "writing"), new("steal", "steals", "stole", "stolen", "stealing"),
        new("hide", "hides", "hid", "hidden", "hiding"), new("draw", "draws", "drew", "drawn", "drawing"),
        new("know", "knows", "knew", "known", "knowing"), new("throw", "throws", "threw", "thrown", "throwing"),
        new("eat", "eats", "ate", "eaten", "eating"), new("wear", "wears", "wore", "worn", "wearing"),
        new("ride", "rides", "rode", "ridden", "riding"), new("drive", "drives", "drove", "driven", "driving"),
        new("shake", "shakes", "shook", "shaken", "shaking"), new("bite", "bites", "bit", "bitten", "biting"),
        new("speak", "speaks", "spoke", "spoken", "speaking"), new("freeze", "freezes", "froze", "frozen", "freezing"),
    ];

    public static readonly string[] Adjectives =
    [
        "old", "young", "tall", "small", "red", "heavy", "new", "quiet", "green", "large", "blue", "round",
        "short", "white", "big", "wooden", "black", "little", "yellow", "thin",
    ];
}
