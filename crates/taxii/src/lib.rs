//! taxii
