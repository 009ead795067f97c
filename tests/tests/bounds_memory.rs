//! What a verification allocates at its peak: at most four times the input and 64 KiB.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use azure_imds::{SignedDocument, Verifier};
use azure_imds_tests::corpora::hostile::{self, expectations, now};
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::Pki;

/// The system's allocator, which counts what a thread holds and the most it ever held.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(change: isize) {
    let held = HELD.with(|held| {
        held.set(held.get() + change);
        held.get()
    });
    PEAK.with(|peak| peak.set(peak.get().max(held)));
}

// SAFETY: everything is done by the system's allocator; what is counted beside it allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most that a piece of work held beyond what was held before.
fn peak(work: impl FnOnce()) -> usize {
    let before = HELD.with(Cell::get);
    PEAK.with(|peak| peak.set(before));
    work();
    (PEAK.with(Cell::get) - before).unsigned_abs()
}

fn verify(verifier: &Verifier, input: &[u8]) -> bool {
    SignedDocument::parse(input).is_ok_and(|document| verifier.verify(&document, &expectations(), now()).is_ok())
}

#[test]
fn the_peak_is_four_times_the_input_and_64_kib() {
    let pki = Pki::new(KeyRing::parse(include_str!("../vectors/keys.json")));
    let (mut worst, mut over) = ((0, String::new()), Vec::new());
    for hostile in hostile::inputs(&pki) {
        let verifier = hostile.verifier();
        let limit = 4 * hostile.input.len() + 64 * 1024;
        let verify = peak(|| {
            black_box(verify(&verifier, &hostile.input));
        });
        let explain = peak(|| drop(verifier.explain(&hostile.input, &expectations(), now())));
        for (way, peak) in [("verify", verify), ("explain", explain)] {
            if peak > limit {
                over.push(format!(
                    "{way}, {}: {peak} for {} bytes, {limit} allowed",
                    hostile.name,
                    hostile.input.len()
                ));
            }
            let share = peak * 1000 / limit;
            if share > worst.0 {
                worst = (share, format!("{way}, {}: {peak} bytes for {}", hostile.name, hostile.input.len()));
            }
        }
    }
    println!("worst: {} thousandths of what is allowed: {}", worst.0, worst.1);
    assert!(over.is_empty(), "{}", over.join("\n"));
}
