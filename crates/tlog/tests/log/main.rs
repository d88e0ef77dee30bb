//! The log against the standards' vectors, the standards' definitions, damage, and lies.

mod audit;
mod fork;
mod notes;
mod proofs;
mod reference;
mod vectors;
