//! The rules of gossip.

faultline_model::rules! {
    /// A write begins here.
    WRITE = "write", "writes the value with its timestamp; it is a hot rumor now", "Demers et al. 1987 §1.4";
    /// A delete begins here.
    DELETE = "delete", "keeps a tombstone with its timestamp instead of the value", "Demers et al. 1987 §2";
    /// A read.
    READ = "read", "answers from its own replica", "Demers et al. 1987 §1";
    /// A hot rumor is told.
    TELL = "tell", "begins a round: tells its hot rumors to somebody chosen at random", "Demers et al. 1987 §1.4";
    /// Somebody is asked.
    ASK = "ask", "begins a round: asks somebody chosen at random for rumors", "Demers et al. 1987 §1.4";
    /// Rumors go both ways.
    EXCHANGE = "exchange", "begins a round: tells somebody chosen at random its hot rumors and asks for theirs",
        "Demers et al. 1987 §1.4";
    /// Nothing is hot any more.
    REST = "rest", "has nothing hot and nobody to ask", "Demers et al. 1987 §1.4";
    /// A rumor is news.
    LEARN = "learn", "did not know that: keeps it and tells it from the next round on", "Demers et al. 1987 §1.4";
    /// A rumor is none.
    KNOWN = "known", "knew that", "Demers et al. 1987 §1.4";
    /// What was asked for.
    ANSWER = "answer", "answers with its hot rumors", "Demers et al. 1987 §1.4";
    /// Nothing to answer.
    NOTHING_HOT = "nothing-hot", "has no rumor to answer with", "Demers et al. 1987 §1.4";
    /// A contact needed the rumor.
    USEFUL = "useful", "told somebody news: its count of useless contacts starts again", "Demers et al. 1987 §1.4";
    /// A contact did not need it.
    USELESS = "useless", "told somebody who knew, and goes on", "Demers et al. 1987 §1.4";
    /// Interest is lost.
    LOSE_INTEREST = "lose-interest", "told somebody who knew, once too often: loses interest in the rumor",
        "Demers et al. 1987 §1.4";
    /// Databases are to be compared.
    COMPARE = "compare", "compares its database with somebody's chosen at random", "Demers et al. 1987 §1.3";
    /// Hashes are the same.
    SAME = "same", "has the same hash: everything below it is the same", "DeCandia et al. 2007 §4.7";
    /// Hashes differ, further down.
    DESCEND = "descend", "has another hash and sends those one level below", "DeCandia et al. 2007 §4.7";
    /// Hashes differ at leaves.
    EXCHANGE_LEAVES = "exchange-leaves", "has another hash at a leaf and sends its entries there",
        "DeCandia et al. 2007 §4.7";
    /// Entries arrive.
    MERGE = "merge", "takes over what is newer and sends back what it has newer", "Demers et al. 1987 §1.3";
    /// The other side's entries arrive.
    MERGE_ANSWER = "merge-answer", "takes over what is newer", "Demers et al. 1987 §1.3";
    /// Entries were overtaken by later ones.
    OVERTAKEN = "overtaken", "ignores the entries: the same site has sent later ones that arrived first",
        "RFC 9293 §3.4";
    /// A tombstone stays.
    KEEP_TOMBSTONE = "keep-tombstone", "keeps the tombstone: not everybody is known to hold it",
        "Demers et al. 1987 §2.1";
    /// A tombstone goes.
    COLLECT = "collect", "throws the tombstone away: nothing here remembers the delete", "Demers et al. 1987 §2.1";
    /// A tombstone has been replaced.
    NO_TOMBSTONE = "no-tombstone", "has no tombstone there any more", "Demers et al. 1987 §2.1";
}
