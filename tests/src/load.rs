//! Load on a served emulator, over loopback: a hostile mix of requests, each of which has one right answer.
//!
//! A [`server::Server`] is a program that serves, started with `--verbose`: its log tells what arrived. [`question`]
//! makes requests, [`connection`] carries them, [`sessions`] are the manners in which clients come and go, and [`run`]
//! lets many of them come at once and keeps account.

pub mod connection;
pub mod question;
pub mod run;
pub mod server;
pub mod sessions;
