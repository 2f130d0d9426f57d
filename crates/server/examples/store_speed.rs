//! temporary
#![allow(clippy::unwrap_used, clippy::print_stdout, dead_code)]
#[path = "../tests/it/sample.rs"]
mod sample;
use assay_server::store::*;
use std::time::Instant;
struct I(Instant, u64);
impl I {
    fn now() -> I {
        I(Instant::now(), cpu())
    }
    fn elapsed(&self) -> String {
        format!("{:.1}ms/cpu {:.1}ms", self.0.elapsed().as_secs_f64() * 1e3, (cpu() - self.1) as f64 / 1e6)
    }
}
fn cpu() -> u64 {
    std::fs::read_dir("/proc/self/task")
        .unwrap()
        .map(|e| {
            std::fs::read_to_string(e.unwrap().path().join("schedstat"))
                .unwrap_or_default()
                .split(' ')
                .next()
                .unwrap_or("0")
                .parse::<u64>()
                .unwrap_or(0)
        })
        .sum()
}
fn main() {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let folder = tempfile::tempdir_in(std::env::args().nth(1).unwrap()).unwrap();
        let path = camino::Utf8Path::from_path(folder.path()).unwrap();
        for round in 0..4 {
            let t = I::now();
            let store = Store::open(path).await.unwrap();
            let open = t.elapsed();
            let mut a = sample::assessment("web", round, 2000);
            let evidence: Vec<u8> = (0..std::env::args().nth(2).map_or(40_000, |n| n.parse().unwrap())).flat_map(|n| format!("{{\"package\":\"lib{}\",\"version\":\"1.{}\"}},", u64::wrapping_mul(n, round as u64 * 7 + 2654435761) % 65536, n).into_bytes()).collect();
            a.host.evidence_digest = assay_model::evidence::Evidence::digest(&evidence);
            let size: usize = a.findings.iter().map(|f| serde_json::to_string(f).unwrap().len()).sum();
            let t = I::now(); let _d = assay_model::evidence::Evidence::digest(&evidence); let sha = t.elapsed();
 let t = I::now(); let v: Vec<String> = a.findings.iter().map(|f| serde_json::to_string(f).unwrap()).collect(); let json = t.elapsed(); let t = I::now(); for x in &v { let _: assay_model::finding::Finding = serde_json::from_str(x).unwrap(); } let parse = t.elapsed(); println!("sha {sha} json {json} parse {parse}");
 let t = I::now();
            store.save(&a, &evidence).await.unwrap();
            let save = t.elapsed();
            let t = I::now();
            let n = store.findings(&FindingFilter { run: Some(a.run.arn.clone()), ..Default::default() }, &Page::all()).await.unwrap().items.len();
            let read = t.elapsed();
            let t = I::now();
            let m = store.findings(&FindingFilter { run: Some(a.run.arn.clone()), text: Some("libpkg6".into()), ..Default::default() }, &Page::first(50)).await.unwrap().items.len();
            let read50 = t.elapsed();
            let t = I::now();
            store.find_finding("CVE-2024-1500").await.unwrap();
            let find = t.elapsed();
            let t = I::now();
            store.close().await;
            println!("open {open} save {save} ({} findings bytes, {} evidence) read {n} {read} filter {m} {read50} find {find} close {}", size, evidence.len(), t.elapsed());
        }
        let mut bad = 0;
        for i in 0..100000u64 { let f = 100.0 - i as f64 / 3.0 * 1.000001; let s = serde_json::to_string(&f).unwrap(); let g: f64 = serde_json::from_str(&s).unwrap(); if g != f { bad += 1; } }
        println!("float mismatches {bad}");
    });
}
