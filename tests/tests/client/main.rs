//! The client against its shared vectors, and its promises over random scripts: no socket, a virtual clock.

mod deadlines;
mod doctor;
mod nonces;
mod requests;
mod sharing;
mod vectors;
mod watching;
