//! The rules of the request chain: which line of code each machine executes, and what that line assumes.

faultline_model::rules! {
    /// Line 1.
    WAIT = "wait",
        "“page = await get(url)”: waits for the page, however long it takes", "fallacy 1: the network is reliable";
    /// Line 2.
    LOOP = "loop",
        "“for photo in photos { await get(photo) }”: asks for one photo after the other",
        "fallacy 2: latency is zero";
    /// Line 2, mended.
    BATCH = "batch", "“await get(photos)”: asks for all photos at once", "against fallacy 2: latency is zero";
    /// Line 3.
    SEND_ORIGINAL = "send-original",
        "“send(photo.original)”: sends all of it, whatever the line carries", "fallacy 3: bandwidth is infinite";
    /// Line 4.
    READ_ALONG = "read-along",
        "“send(token)”: reads the token, which was sent as it is", "fallacy 4: the network is secure";
    /// Line 4, mended.
    READ_NOTHING = "read-nothing",
        "sees that something passes, and cannot read it", "against fallacy 4: the network is secure";
    /// Line 5.
    NOT_HERE = "not-here",
        "“PHOTOS = resolve(\"photos\")”: the service that was here has moved", "fallacy 5: topology does not change";
    /// Line 6.
    TIME_OUT = "time-out",
        "“timeout = config.timeout”: gives up, while everybody is still at work",
        "fallacy 6: there is one administrator";
    /// Line 7.
    PARSE = "parse", "“parse(message)”: takes the message apart, which keeps it busy", "fallacy 7: transport cost is zero";
    /// Line 8.
    DECODE = "decode",
        "“u32::from_be_bytes(field)”: takes the bytes for a number as it writes numbers itself",
        "fallacy 8: the network is homogeneous";
    /// Line 8, mended.
    CHECK_END_TO_END = "check-end-to-end",
        "compares the number with its checksum, and refuses it", "against fallacy 8: the network is homogeneous";

    /// The gateway begins a page.
    ASK_USERS = "ask-users", "begins a page: asks the user service first", "Rotem-Gal-Oz";
    /// A service needs the database.
    ASK_DATABASE = "ask-database", "looks into the database", "Rotem-Gal-Oz";
    /// The database answers.
    FIND = "find", "finds the row", "Rotem-Gal-Oz";
    /// The database waits for more.
    GATHER = "gather", "gathers reads for a while, to answer them together", "fallacy 6: there is one administrator";
    /// A service answers.
    ANSWER = "answer", "answers the gateway", "Rotem-Gal-Oz";
    /// All parts are there.
    PAGE = "page", "has all parts, and sends the page", "Rotem-Gal-Oz";
    /// A part is missing.
    FAIL = "fail", "cannot have a part of the page, and says so", "Rotem-Gal-Oz";
    /// The browser shows an error.
    SHOW_ERROR = "show-error", "shows an error instead of the page", "Rotem-Gal-Oz";
    /// Something comes for a page that is over.
    LATE = "late", "ignores what comes for a page that is over", "Rotem-Gal-Oz";
    /// A service moves.
    MOVE = "move", "moves to another address, and has it written into the address book", "fallacy 5: topology does not change";
    /// The address book.
    REGISTER = "register", "writes the new address into the address book", "Rotem-Gal-Oz";
    /// The gateway looks an address up.
    LOOK_UP = "look-up", "looks the address up again", "against fallacy 5: topology does not change";
    /// The database knows the address.
    GIVE_ADDRESS = "give-address", "gives the address that is in the address book", "Rotem-Gal-Oz";
    /// A service is replaced by a new version.
    UPGRADE = "upgrade",
        "runs a new version, on a machine that writes numbers the other way round", "fallacy 8: the network is homogeneous";
    /// A message that is meant for another role.
    NOT_ADDRESSED = "not-addressed", "ignores what is not meant for its role", "Rotem-Gal-Oz";
}
