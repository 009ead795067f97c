//! Every fault against every call: one table of what comes of it, held against the client on a virtual clock and, over
//! real sockets, with the transports of the examples. Python and JavaScript hold themselves to the same table.

#[expect(dead_code, reason = "an example, of which its own program is not needed here")]
#[path = "../../../core/examples/reqwest.rs"]
mod by_reqwest;
#[expect(dead_code, reason = "an example, of which its own program is not needed here")]
#[path = "../../../core/examples/ureq.rs"]
mod by_ureq;
mod calls;
mod clock;
mod killed;
#[expect(dead_code, reason = "an example, of which its own program is not needed here")]
#[path = "../../../core/examples/serve.rs"]
mod serve;
mod service;
mod sockets;
mod table;
#[expect(dead_code, reason = "that of the stories, which do more with it")]
#[path = "../stories/world.rs"]
mod world;
