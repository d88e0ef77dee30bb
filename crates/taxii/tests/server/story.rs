//! Our client against our server: everything goes in once and comes out as it was.

use taxii::client::{Ask, Client, Credentials, Cursor, Error, Fate, Settings};

use crate::stage::{Stage, tool, tool_at, tool_id};

#[tokio::test]
async fn what_one_program_gives_another_takes() {
    let stage = Stage::new().await;
    let mut settings = Settings::new(format!("http://{}/taxii2/", stage.address));
    settings.credentials = Credentials::Basic {
        user: "both".to_owned(),
        password: stage.secret("both").to_owned(),
    };
    settings.limits.envelope_objects = 40;
    let client = Client::new(&settings).unwrap();
    let discovery = client.discovery().await.unwrap();
    let root = client
        .api_root(discovery.first_root().unwrap())
        .await
        .unwrap();
    assert_eq!(root.max_content_length, Some(10 << 20));
    assert_eq!(client.collections(&root).await.unwrap().len(), 2);
    let collection = client.collection(&root, "situation").await.unwrap();

    let mut given: Vec<_> = (0..100).map(tool).collect();
    given.push(tool_at(5, "2021-01-01T00:00:00.123456789Z"));
    given.push("{\"type\":\"tool\"}".to_owned());
    let delivery = client
        .add(&root, &collection, given.iter().map(String::as_bytes))
        .await;
    assert_eq!(delivery.stopped, None);
    let refused = delivery
        .lines
        .iter()
        .filter(|line| line.fate != Fate::Taken);
    assert_eq!(refused.count(), 1, "{:?}", delivery.lines.last());

    let ask = Ask {
        limit: 7,
        ..Ask::default()
    };
    let mut pull = client.pull(&collection, ask.clone(), Cursor::default());
    let mut taken = Vec::new();
    while let Some(page) = pull.next().await.unwrap() {
        taken.extend(
            page.objects()
                .map(|object| String::from_utf8(object.to_vec()).unwrap()),
        );
    }
    assert_eq!(taken, given[..101]);
    assert_eq!(pull.complaints(), []);
    let cursor = pull.cursor().clone();
    let mut again = client.pull(&collection, ask, cursor);
    assert!(again.next().await.unwrap().is_none());

    let versions = client.versions(&collection, &tool_id(5)).await.unwrap();
    assert_eq!(
        versions,
        ["2020-01-01T00:00:00.000Z", "2021-01-01T00:00:00.123456789Z"]
    );
    let object = client
        .object(&collection, &tool_id(5), &Ask::default())
        .await
        .unwrap();
    assert_eq!(object.len(), 2);
    let manifest = client
        .manifest(&collection, &Ask::default(), None)
        .await
        .unwrap();
    assert_eq!(manifest.entries.len(), 101);
    let missing = client
        .object(&collection, &tool_id(555), &Ask::default())
        .await;
    assert!(matches!(missing, Err(Error::Absent(_))));
}
