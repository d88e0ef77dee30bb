//! Versions of an object come in any order, in one file or in several: who may see which is the same.

use super::*;

const VERSIONS: [(&str, TlpName); 4] = [
    ("2020-01-01T00:00:00.000Z", TlpName::Clear),
    ("2021-01-01T00:00:00.000Z", TlpName::Red),
    ("2022-01-01T00:00:00.000Z", TlpName::Amber),
    ("2023-01-01T00:00:00.000Z", TlpName::Clear),
];

fn orders(of: &[usize]) -> Vec<Vec<usize>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in of.iter().enumerate() {
        let mut rest = of.to_vec();
        rest.remove(at);
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.insert(0, *first);
            order
        }));
    }
    all
}

#[test]
fn the_order_in_which_versions_come_opens_nothing() {
    let bench = bench();
    let home = bench.node.viewer_of(&bench.node.home().id, true);
    let collection = bench.node.collection("situation").unwrap().unwrap();
    for (number, order) in orders(&[0, 1, 2, 3]).into_iter().enumerate() {
        let id = |together: bool| {
            let number = 100 + 2 * number + usize::from(together);
            format!("note--00000000-0000-4000-8000-{number:012}")
        };
        let versions = |together: bool| {
            let versions = order.iter().map(|at| VERSIONS[*at]);
            let note = |(version, tlp): (&str, TlpName)| {
                let marked = format!(r#","object_marking_refs":["{}"]"#, tlp.id());
                note(version, &marked)
                    .replace("note--00000000-0000-4000-8000-000000000001", &id(together))
            };
            versions.map(note).collect::<Vec<_>>()
        };
        bench.import(Marking::default(), &versions(true));
        for version in versions(false) {
            bench.import(Marking::default(), &[version]);
        }
        for together in [true, false] {
            let seen = |viewer: &Viewer| {
                let query = PageQuery {
                    ids: vec![id(together).parse().unwrap()],
                    versions: Versions::all(),
                    ..PageQuery::of(collection.number, 100)
                };
                let page = bench.node.page(viewer, Purpose::Poll, &query).unwrap();
                let rows = page.into_inner().rows.into_iter();
                let mut seen: Vec<String> = rows.map(|row| row.version).collect();
                seen.sort();
                seen
            };
            let newest = [VERSIONS[3].0];
            assert_eq!(seen(&Viewer::public()), newest, "{order:?} {together}");
            let since_red = [VERSIONS[2].0, VERSIONS[3].0];
            assert_eq!(seen(&home), since_red, "{order:?} {together}");
        }
    }
}
