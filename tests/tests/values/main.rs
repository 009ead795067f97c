//! Answers of the service through the public surface: documents, paths, typed values, tags, hostile text.

mod documents;
mod escaped;
mod hostile;
mod instances;
mod paths;
mod random;
mod tags;
