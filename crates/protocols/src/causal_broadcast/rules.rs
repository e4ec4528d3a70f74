//! The rules of broadcast.

faultline_model::rules! {
    /// A process says something.
    SAY = "say",
        "tells everybody, with a vector of how many messages of each process it has delivered",
        "Birman, Schiper and Stephenson 1991";
    /// A process asks the sequencer.
    ASK_SEQUENCER = "ask-sequencer", "sends it to the sequencer to be numbered", "Birman and Joseph 1987, ABCAST";
    /// The sequencer numbers a message.
    SEQUENCE = "sequence", "gives the message the next number and tells everybody", "Birman and Joseph 1987, ABCAST";
    /// A message is delivered.
    DELIVER = "deliver",
        "delivers the message: everything that its author had heard before has been delivered here",
        "Birman, Schiper and Stephenson 1991";
    /// A message is delivered as it comes.
    DELIVER_ANYHOW = "deliver-anyhow", "delivers the message as it comes", "against Birman and Joseph 1987";
    /// A message is delivered in its author's order.
    DELIVER_NEXT = "deliver-next",
        "delivers the message: it is the next of its author", "Birman and Joseph 1987, FIFO";
    /// A message is delivered by its number.
    DELIVER_NUMBERED = "deliver-numbered",
        "delivers the message: all with lower numbers have been delivered", "Birman and Joseph 1987, ABCAST";
    /// A message is not delivered yet.
    HOLD_BACK = "hold-back",
        "holds the message back: something that must be delivered before it has not come",
        "Birman, Schiper and Stephenson 1991";
    /// A delivered question is answered.
    REPLY = "reply", "delivers a question that is meant for it, and answers it to everybody", "Birman and Joseph 1987";
    /// A second copy.
    COPY = "copy", "ignores a second copy of a message", "Birman and Joseph 1987";
    /// Nobody of that name.
    REFUSE = "refuse", "does nothing: there is nobody of that name to be asked", "Birman and Joseph 1987";
}
