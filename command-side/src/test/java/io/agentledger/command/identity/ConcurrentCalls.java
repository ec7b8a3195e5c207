package io.agentledger.command.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Executes several calls at the same time. */
final class ConcurrentCalls {
  private ConcurrentCalls() {}

  /** Returns for each call its result, or the exception. */
  static <R> List<Object> runConcurrently(List<Callable<R>> requested) throws InterruptedException {
    var barrier = new CyclicBarrier(requested.size());
    var futures = new ArrayList<Future<R>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var request : requested)
        futures.add(
            executor.submit(
                () -> {
                  barrier.await();
                  return request.call();
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
