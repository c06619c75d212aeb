//! tokio: a task per host in flight, all on one thread.
//!
//!     bench-tokio system|own CONCURRENCY <names
//!
//! tokio itself resolves names with the system's getaddrinfo on a pool of
//! threads, which costs more than all the rest ("system"); with "own", each
//! task asks the name server itself, over a UDP socket that it keeps.

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::time::Duration;
use std::{cell::RefCell, env, rc::Rc};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpStream, UdpSocket};
use tokio::{runtime, task, time};

const TIMEOUT: Duration = Duration::from_secs(10);
const TRY: Duration = Duration::from_secs(1);
const NAME_SERVER: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 53);

type Names = io::Lines<io::StdinLock<'static>>;
type Out = io::BufWriter<io::Stdout>;

struct Shared {
    own_dns: bool,
    names: RefCell<Names>,
    out: RefCell<Out>,
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn question(id: u16, host: &str) -> Vec<u8> {
    let mut bytes = vec![(id >> 8) as u8, id as u8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in host.split('.') {
        bytes.push(label.len() as u8);
        bytes.extend_from_slice(label.as_bytes());
    }
    bytes.extend_from_slice(&[0, 0, 1, 0, 1]);
    bytes
}

/// The A record of an answer whose names are compressed, as dnsmasq's are.
fn address(asked: &[u8], answer: &[u8]) -> io::Result<Ipv4Addr> {
    let record = answer.get(asked.len()..).unwrap_or(&[]);
    match record {
        [0xc0, _, 0, 1, 0, 1, _, _, _, _, 0, 4, a, b, c, d, ..] => {
            Ok(Ipv4Addr::new(*a, *b, *c, *d))
        }
        _ => Err(wrong("no address")),
    }
}

async fn resolve(dns: &UdpSocket, id: u16, host: &str) -> io::Result<Ipv4Addr> {
    let asked = question(id, host);
    let mut answer = [0; 512];
    for _ in 0..3 {
        dns.send(&asked).await?;
        if let Ok(got) = time::timeout(TRY, dns.recv(&mut answer)).await {
            let got = &answer[..got?];
            if got.len() > 12 && got[..2] == asked[..2] {
                return address(&asked, got);
            }
        }
    }
    Err(wrong("no answer"))
}

async fn connect(dns: Option<&UdpSocket>, id: u16, host: &str) -> io::Result<TcpStream> {
    match dns {
        None => TcpStream::connect((host, 80)).await,
        Some(dns) => TcpStream::connect((resolve(dns, id, host).await?, 80)).await,
    }
}

async fn get(shared: &Shared, dns: Option<&UdpSocket>, id: u16, host: &str) -> io::Result<()> {
    let mut stream = BufReader::new(connect(dns, id, host).await?);
    let request = format!("GET / HTTP/1.0\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Err(wrong("cut off"));
        }
        let end = match line.iter().rposition(|b| !b"\r\n".contains(b)) {
            Some(end) => end,
            None => return Ok(()),
        };
        let mut out = shared.out.borrow_mut();
        out.write_all(host.as_bytes())?;
        out.write_all(b" header > ")?;
        out.write_all(&line[..=end])?;
        out.write_all(b"\n")?;
    }
}

async fn name_server() -> io::Result<UdpSocket> {
    let dns = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
    dns.connect(NAME_SERVER).await?;
    Ok(dns)
}

async fn worker(shared: Rc<Shared>) -> io::Result<()> {
    let dns = if shared.own_dns { Some(name_server().await?) } else { None };
    for id in (0..=u16::MAX).cycle() {
        let next = shared.names.borrow_mut().next();
        let host = match next {
            Some(host) => host?,
            None => break,
        };
        match time::timeout(TIMEOUT, get(&shared, dns.as_ref(), id, &host)).await {
            Ok(Ok(())) => (),
            Ok(Err(error)) => eprintln!("{host}: {error}"),
            Err(_) => eprintln!("{host}: timed out"),
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let concurrency: usize = env::args().nth(2).unwrap().parse().unwrap();
    let shared = Rc::new(Shared {
        own_dns: env::args().nth(1).unwrap() == "own",
        names: RefCell::new(io::stdin().lines()),
        out: RefCell::new(io::BufWriter::with_capacity(1 << 16, io::stdout())),
    });
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let local = task::LocalSet::new();
    local.block_on(&runtime, async {
        let workers: Vec<_> = (0..concurrency)
            .map(|_| task::spawn_local(worker(shared.clone())))
            .collect();
        for worker in workers {
            worker.await??;
        }
        let flushed = shared.out.borrow_mut().flush();
        flushed
    })
}
