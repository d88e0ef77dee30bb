//! How the register goes out in formats of its own: the calendar. Pages, CSV and JSON are made where they are shown.

pub mod calendar;
