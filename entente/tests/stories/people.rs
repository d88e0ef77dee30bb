//! People and the real program: set-up with what a browser sends, a way back in, what is revoked is over at the next request.

use node::clock::{Clock as _, SystemClock};
use node::users::TotpSecret;
use rustix::process::Signal;

use crate::program::{Home, Serving};

const PASSWORD: &str = "an+orchard+by+the+river";

struct Browser<'s> {
    serving: &'s Serving,
    cookie: String,
}

struct Answer {
    status: u16,
    to: String,
    text: String,
}

impl Browser<'_> {
    fn new(serving: &Serving) -> Browser<'_> {
        Browser {
            serving,
            cookie: String::new(),
        }
    }

    fn heard(&mut self, request: &str) -> Answer {
        let (status, text) = self.serving.ask(request);
        let head = text.split("\r\n\r\n").next().unwrap();
        let header = |name: &str| {
            head.lines()
                .filter_map(|line| line.split_once(": "))
                .filter(|(own, _)| own.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.to_owned())
                .collect::<Vec<_>>()
        };
        for set in header("set-cookie")
            .iter()
            .filter(|set| set.contains("-session="))
        {
            self.cookie = set.split(';').next().unwrap().to_owned();
        }
        let to = header("location").into_iter().next().unwrap_or_default();
        Answer { status, to, text }
    }

    fn get(&mut self, path: &str) -> Answer {
        let request = format!("GET {path} HEAD\r\nCookie: {}\r\n\r\n", self.cookie);
        self.heard(&request)
    }

    fn post(&mut self, path: &str, body: &str) -> Answer {
        let request = format!(
            "POST {path} HEAD\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        );
        self.heard(&request)
    }

    /// Chooses a password and an app; the recovery codes.
    fn choose(&mut self) -> Vec<String> {
        let page = self.get("/account/choose").text;
        let secret = page.split("<code class=\"code\">").nth(1).unwrap();
        let secret = TotpSecret::read(secret.split('<').next().unwrap()).unwrap();
        let code = secret.now(SystemClock.now());
        let body = format!("secret-password={PASSWORD}&secret-again={PASSWORD}&secret-code={code}");
        let chosen = self.post("/account/choose", &body);
        assert_eq!(chosen.status, 200, "{}", chosen.text);
        let codes = chosen.text.split("<code class=\"code\">").skip(1);
        codes
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect()
    }
}

#[test]
fn set_up_goes_from_the_code_on_the_terminal_to_the_first_page() {
    let home = Home::new();
    let serving = home.serve();
    let code = serving.set_up_code.clone().unwrap();
    let mut ada = Browser::new(&serving);
    assert!(ada.get("/").text.contains("href=\"/setup\""));
    assert_eq!(ada.get("/setup").status, 200);
    let wrong = ada.post("/setup", "secret-code=AAAA-AAAA-AAAA&name=Eve&login=eve");
    assert_eq!(wrong.status, 403);
    assert!(wrong.text.contains("4 tries left"), "{}", wrong.text);
    let proxied = serving.ask("GET /setup HEAD\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
    assert_eq!(
        proxied.0, 404,
        "what came through a proxy is not from this machine"
    );
    let body = format!(
        "secret-code={}&name=Ada+Lind&login=ada",
        code.to_lowercase()
    );
    let begun = ada.post("/setup", &body);
    assert_eq!(
        (begun.status, begun.to.as_str()),
        (303, "/account/choose"),
        "{}",
        begun.text
    );
    assert_eq!(
        ada.get("/users").status,
        403,
        "first they choose how to sign in"
    );
    let codes = ada.choose();
    assert_eq!(codes.len(), 10);
    let late = Browser::new(&serving).post("/setup", &body);
    assert_eq!(
        (late.status, late.to.as_str()),
        (303, "/"),
        "the code has done its work"
    );
    assert_eq!(ada.get("/setup/participant").status, 200);
    let organs = ada.post(
        "/setup/participant",
        "name=Ministry+of+Foreign+Affairs+of+Arland&organs=Cyber+Agency%0D%0AMission+to+the+UN",
    );
    assert_eq!(organs.to, "/setup/languages");
    let done = ada.post("/setup/languages", "language=fr");
    assert_eq!((done.status, done.to.as_str()), (303, "/"));
    let page = ada.get("/");
    assert!(
        page.status == 200 && page.text.contains("<html lang=\"fr\""),
        "{}",
        page.text
    );
    let listed = home.run(&["participant", "list", "DIR"]).with(0).out;
    assert!(listed.contains("Cyber Agency") && listed.contains("Mission to the UN"));

    let mine = ada.cookie.clone();
    let (_, log) = serving.stop(Signal::TERM);
    for secret in [
        code.as_str(),
        "orchard",
        &codes[0],
        mine.split('=').nth(1).unwrap(),
    ] {
        assert!(!log.contains(secret), "a secret is in the log: {log}");
    }
    let again = home.serve();
    assert_eq!(again.set_up_code, None);
    // Sessions outlive a restart; a recovery code opens once.
    let mut same = Browser::new(&again);
    same.cookie = mine;
    assert_eq!(same.get("/account").status, 200);
    let body = format!(
        "login=ada&secret-password={PASSWORD}&secret-code={}&next=/account",
        codes[4]
    );
    let mut other = Browser::new(&again);
    let entered = other.post("/sign-in", &body);
    assert_eq!(
        (entered.status, entered.to.as_str()),
        (303, "/account"),
        "{}",
        entered.text
    );
    assert_eq!(Browser::new(&again).post("/sign-in", &body).status, 403);
    assert_eq!(same.post("/account/sessions/end", "number=").status, 303);
    assert_eq!(
        other.get("/account").status,
        401,
        "over at the next request"
    );
}

#[test]
fn who_has_lost_the_way_in_gets_a_link_that_works_once() {
    let home = Home::new();
    let added = home
        .run(&[
            "user", "add", "DIR", "Ada Lind", "--role", "reader", "--json",
        ])
        .with(0)
        .json();
    assert!(added["link"].as_str().unwrap().contains("/welcome?code="));
    let wrong = home
        .run(&["user", "add", "DIR", "Bo Holm", "--role", "duty officer"])
        .with(2);
    assert!(wrong.err.contains("--function"), "{}", wrong.err);
    home.run(&["user", "add", "DIR", "Cy Dahl"]).with(0);
    // Made while the node is idle, used when it serves.
    let idle = home
        .run(&["user", "recover", "DIR", "Ada Lind", "--json"])
        .with(0)
        .json();
    let path = |answer: &serde_json::Value| {
        let link = answer["sign_in"].as_str().unwrap();
        link[link.find("/welcome").unwrap()..].to_owned()
    };
    let serving = home.serve();
    home.run(&["user", "recover", "DIR", "Bo Holm"]).with(2);
    home.run(&["user", "recover", "DIR", "Cy Dahl"]).with(2);
    let answer = home
        .run(&["user", "recover", "DIR", "Ada Lind", "--json"])
        .with(0)
        .json();
    let mut ada = Browser::new(&serving);
    assert_eq!(
        ada.get(&path(&idle)).status,
        403,
        "a newer link voids the older"
    );
    let code = path(&answer).split('=').nth(1).unwrap().to_owned();
    let let_in = ada.post("/welcome", &format!("secret-code={code}"));
    assert_eq!(let_in.to, "/account/choose");
    assert_eq!(
        ada.post("/welcome", &format!("secret-code={code}")).status,
        403
    );
    ada.choose();
    assert_eq!(ada.get("/account").status, 200);
    assert_eq!(ada.get("/users").status, 403, "a reader keeps no people");
    let listed = home.run(&["user", "list", "DIR"]).with(0).out;
    assert!(
        listed.contains("ada.lind") && listed.contains("active"),
        "{listed}"
    );
}
