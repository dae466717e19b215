//! Threads: with stacks that are large enough for deep formulas, and results in the order of the work.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// The stack of a thread, in bytes. Only what is used of it takes memory.
const STACK: usize = 256 << 20;

/// Runs `work` on a thread with a big stack.
pub(super) fn on_big_stack<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| {
        let thread =
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread can be started");
        match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// How many threads there are unless the user says otherwise.
pub(super) fn n_processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does `work` on every item with so many threads, and hands the results to `take` in the order of the items, each as
/// soon as those before it are there. `done` hears of every piece when it is finished, in whatever order.
pub(super) fn in_order<T: Sync, R: Send>(
    items: &[T],
    n_threads: usize,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(usize, &T),
    mut take: impl FnMut(R),
) {
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..n_threads.clamp(1, items.len().max(1)) {
            let (send, next, work) = (send.clone(), &next, &work);
            let run = move || {
                while let Some((idx, item)) = take_next(next, items) {
                    if send.send((idx, work(item))).is_err() {
                        return;
                    }
                }
            };
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).expect("a thread can be started");
        }
        drop(send);
        let mut waiting: Vec<Option<R>> = items.iter().map(|_| None).collect();
        let (mut n_done, mut n_taken) = (0, 0);
        for (idx, result) in receive {
            n_done += 1;
            done(n_done, &items[idx]);
            waiting[idx] = Some(result);
            while let Some(result) = waiting.get_mut(n_taken).and_then(Option::take) {
                take(result);
                n_taken += 1;
            }
        }
    });
}

fn take_next<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let idx = next.fetch_add(1, Ordering::Relaxed);
    Some((idx, items.get(idx)?))
}
