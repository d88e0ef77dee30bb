//! Who is believed: a pinned key and no other, named authorities, a client certificate; and the way through a proxy.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use node::keys::Pin;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use taxii::client::{Client, Error, Identity, Settings, Trust, pin_of};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{\"title\":\"T\"}";

/// A self-signed certificate and its key, as PEM.
fn own() -> (String, KeyPair) {
    let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let params = CertificateParams::new(vec!["whatever.invalid".to_owned()]).unwrap();
    (params.self_signed(&key).unwrap().pem(), key)
}

fn pin(pem: &str) -> Pin {
    pin_of(&CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap()
}

async fn serve(certificate: &str, key: &KeyPair, clients: Option<&str>) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots
                .add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap())
                .unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut head = [0; 4_096];
                let _ = stream.read(&mut head).await;
                let _ = stream.write_all(ANSWER.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    address
}

async fn ask(settings: &Settings) -> Result<Option<String>, Error> {
    let client = Client::new(settings).unwrap();
    client.discovery().await.map(|discovery| discovery.title)
}

fn settings(address: SocketAddr, trust: Trust) -> Settings {
    let mut settings = Settings::new(format!("https://{address}/taxii2/"));
    settings.trust = trust;
    settings
}

#[tokio::test]
async fn a_pinned_key_is_believed_and_no_other() {
    let (certificate, key) = own();
    let (stranger, _) = own();
    let address = serve(&certificate, &key, None).await;
    let (good, bad) = (pin(&certificate), pin(&stranger));
    for (trust, believed) in [
        (Trust::Pinned(vec![good]), true),
        (Trust::Pinned(vec![bad, good]), true),
        (Trust::Pinned(vec![bad]), false),
        (Trust::Pinned(vec![]), false),
        (Trust::Public, false),
    ] {
        let found = ask(&settings(address, trust.clone())).await;
        if believed {
            assert_eq!(found, Ok(Some("T".to_owned())), "{trust:?}");
        } else {
            assert!(
                matches!(found, Err(Error::Untrusted(_))),
                "{trust:?}: {found:?}"
            );
        }
    }
    let found = ask(&settings(address, Trust::Pinned(vec![bad])))
        .await
        .unwrap_err();
    let text = found.to_string();
    assert!(
        text.contains(&good.to_string()) && text.contains(&bad.to_string()),
        "{text}"
    );
}

#[tokio::test]
async fn a_certificate_without_its_key_is_nothing() {
    // The certificate is public; whoever shows it must sign with its key.
    let (certificate, _) = own();
    let (_, other_key) = own();
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(other_key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let signing = provider.key_provider.load_private_key(key).unwrap();
    let certified = rustls::sign::CertifiedKey::new(chain, signing);
    #[derive(Debug)]
    struct Always(Arc<rustls::sign::CertifiedKey>);
    impl rustls::server::ResolvesServerCert for Always {
        fn resolve(
            &self,
            _: rustls::server::ClientHello<'_>,
        ) -> Option<Arc<rustls::sign::CertifiedKey>> {
            Some(Arc::clone(&self.0))
        }
    }
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Always(Arc::new(certified))));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let _ = acceptor.accept(stream).await;
    });
    let found = ask(&settings(address, Trust::Pinned(vec![pin(&certificate)]))).await;
    assert!(matches!(found, Err(Error::Untrusted(_))), "{found:?}");
}

#[tokio::test]
async fn named_authorities_and_a_client_certificate() {
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let issue = |name: &str| {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &authority).unwrap().pem(), key)
    };
    let (server, server_key) = issue("127.0.0.1");
    let (client, client_key) = issue("client.example");
    let trust = Trust::Authorities(authority.pem());

    let address = serve(&server, &server_key, None).await;
    assert!(ask(&settings(address, trust.clone())).await.is_ok());

    let address = serve(&server, &server_key, Some(&authority.pem())).await;
    let mut with = settings(address, trust);
    assert!(ask(&with).await.is_err(), "no certificate, no answer");
    with.identity = Some(Identity {
        certificates: client,
        key: client_key.serialize_pem(),
    });
    assert_eq!(ask(&with).await, Ok(Some("T".to_owned())));
    assert!(!format!("{with:?}").contains("PRIVATE"));
}

#[tokio::test]
async fn the_way_leads_through_a_proxy_where_one_is_set() {
    let (certificate, key) = own();
    let address = serve(&certificate, &key, None).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = listener.local_addr().unwrap();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&heads);
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.unwrap());
        }
        log.lock().unwrap().push(String::from_utf8(head).unwrap());
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut server = TcpStream::connect(address).await.unwrap();
        let _ = copy_bidirectional(&mut client, &mut server).await;
    });
    let mut with = settings(address, Trust::Pinned(vec![pin(&certificate)]));
    with.proxy = Some(format!("http://user:pass@{proxy}"));
    assert_eq!(ask(&with).await, Ok(Some("T".to_owned())));
    let head = heads.lock().unwrap().concat();
    assert!(
        head.starts_with(&format!("CONNECT {address} HTTP/1.1\r\n")),
        "{head}"
    );
    assert!(
        head.to_lowercase()
            .contains("proxy-authorization: basic dxnlcjpwyxnz"),
        "{head}"
    );
    // Where it is not there, it is named: nobody looks for the fault at the server.
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    with.proxy = Some(format!("http://{}", nobody.local_addr().unwrap()));
    drop(nobody);
    let error = ask(&with).await.unwrap_err().to_string();
    assert!(error.contains("the proxy did not answer"), "{error}");
}
