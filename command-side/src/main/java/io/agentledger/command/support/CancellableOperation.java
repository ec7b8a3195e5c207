package io.agentledger.command.support;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Future of an operation that blocks. If it is cancelled before the operation begins, the operation
 * is not run, and a {@link FairExecutor} removes it from its queue.
 */
public final class CancellableOperation<T> extends CompletableFuture<T> implements Runnable {
  private final Callable<T> work;

  private CancellableOperation(Callable<T> work) {
    this.work = work;
  }

  /** Submits an operation to an executor. */
  public static <T> CompletableFuture<T> submit(Callable<T> work, Executor executor) {
    var operation = new CancellableOperation<>(work);
    executor.execute(operation);
    return operation;
  }

  @Override
  public void run() {
    if (isDone()) return;
    try {
      complete(work.call());
    } catch (Throwable failure) {
      completeExceptionally(failure);
    }
  }

  /** Returns an ordinary future for dependent operations, which have no work of their own. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
