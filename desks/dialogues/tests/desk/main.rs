//! The desk over real nodes. One program for all its tests: each that is linked by itself takes 170 MB and its time.

mod acts;
mod anew;
mod announced;
mod answers;
mod appraisals;
mod between;
mod ceiling;
mod coverage;
mod drafting;
mod drafting_story;
mod edit;
mod entered;
mod intake;
mod kept;
mod matrix;
mod office;
mod once;
mod pages;
mod persons;
mod programs;
mod records;
mod rules;
mod story;
mod twice;
mod whole;
mod work;
