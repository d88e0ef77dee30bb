//! Paging against a naive model: under any order of appends, changes of label, grants, removals, erasures and polls, each viewer sees
//! what the model says, from memory as from the tables, and a poller that follows its cursor misses nothing. Planted bugs show that the
//! check can fail.

mod run;
#[path = "../stage/mod.rs"]
mod stage;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use run::{Op, Plant, Run, VIEWERS};

fn op() -> impl Strategy<Value = Op> {
    let class = || prop_oneof![2 => Just(2_usize), 1 => 0..4_usize];
    let append = (0..4_u64, 0..4_u64, class(), 0..9_usize);
    prop_oneof![
        5 => append.prop_map(|(object, version, class, times)| Op::Append { object, version, class, times }),
        2 => (any::<prop::sample::Index>(), class(), 0..9_usize)
            .prop_map(|(record, class, times)| Op::Relabel { record: record.index(64), class, times }),
        2 => (any::<prop::sample::Index>(), 0..4_usize)
            .prop_map(|(record, class)| Op::Grant { record: record.index(64), class }),
        1 => (0..4_u64, prop::option::of(0..4_u64)).prop_map(|(object, version)| Op::Remove { object, version }),
        5 => (0..VIEWERS, 1..4_usize).prop_map(|(viewer, limit)| Op::Poll { viewer, limit }),
        1 => any::<prop::sample::Index>().prop_map(|record| Op::Erase { record: record.index(64) }),
        1 => Just(Op::Wait),
    ]
}

fn check(cases: u32, plant: Plant) -> Result<(), String> {
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases,
            failure_persistence: None,
            max_shrink_iters: 200,
            ..Config::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let run = runner.run(&prop::collection::vec(op(), 1..30), |ops| {
        let mut run = Run::new(plant);
        for op in ops {
            run.carry_out(op);
            if matches!(plant, Plant::None | Plant::Held | Plant::Content) {
                run.agree().map_err(TestCaseError::fail)?;
            }
        }
        run.lossless().map_err(TestCaseError::fail)
    });
    run.map_err(|error| error.to_string())
}

#[test]
fn paging_loses_and_doubles_nothing() {
    if let Err(error) = check(90, Plant::None) {
        panic!("{error}");
    }
}

#[test]
fn planted_bugs_are_caught() {
    for plant in [Plant::EarlyDate, Plant::InPlace, Plant::Offset, Plant::Held] {
        let caught = check(120, plant);
        assert!(caught.is_err(), "{plant:?} went unnoticed");
    }
}
