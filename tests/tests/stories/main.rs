//! The client against the emulator, on a virtual clock: no socket, whole stories.

mod attested;
mod events;
mod every_answer;
mod faults;
mod instance;
mod tokens;
mod world;
