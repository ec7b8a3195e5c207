package io.agentledger.command.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several who want something in the same moment. */
final class AtOnce {
  private AtOnce() {}

  /** What each of them got: an answer, or what was thrown. */
  static <R> List<Object> all(List<Callable<R>> requested) throws InterruptedException {
    var barrier = new CyclicBarrier(requested.size());
    var futures = new ArrayList<Future<R>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var wish : requested)
        futures.add(
            threads.submit(
                () -> {
                  barrier.await();
                  return wish.call();
                }));
    }
    var results = new ArrayList<>();
    for (var future : futures)
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        results.add(e.getCause());
      }
    return results;
  }
}
