package io.agentledger.gateway.support.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Resources of a request outside the heap: files, directories, descriptors. They are released when
 * the request ends: after its completion, after an error, and when the client disconnects. An
 * operation on them that has started is never interrupted; the release waits for its end, so that a
 * resource that is created after the client has gone is released, too. Thread-safe.
 */
public final class RequestResources {
  private static final Logger log = LoggerFactory.getLogger(RequestResources.class);

  private final Deque<Supplier<? extends CompletionStage<?>>> releases = new ArrayDeque<>();
  private CompletableFuture<?> operations = CompletableFuture.completedFuture(null);
  private boolean ended;

  private RequestResources() {}

  /** Executes a request; its result is emitted after the release. */
  public static <T> Mono<T> using(Function<RequestResources, Mono<T>> request) {
    return Mono.usingWhen(
        Mono.fromSupplier(RequestResources::new), request, RequestResources::release);
  }

  /** Executes a request with several results; it completes after the release. */
  public static <T> Flux<T> usingMany(Function<RequestResources, Publisher<T>> request) {
    return Flux.usingWhen(
        Mono.fromSupplier(RequestResources::new), request, RequestResources::release);
  }

  /** Creates a resource, unless the request has ended. */
  public <R> Mono<R> acquire(
      Supplier<? extends CompletionStage<R>> creation,
      Function<R, ? extends CompletionStage<?>> release) {
    return run(
        () ->
            creation
                .get()
                .thenApply(
                    resource -> {
                      onRelease(() -> release.apply(resource));
                      return resource;
                    }));
  }

  /** Creates a resource that is closed without waiting, unless the request has ended. */
  public <R> Mono<R> open(Supplier<? extends CompletionStage<R>> creation, Consumer<R> close) {
    return acquire(
        creation,
        resource -> CompletableFuture.runAsync(() -> close.accept(resource), Runnable::run));
  }

  /** Adds a release; the latest is called first. */
  public synchronized void onRelease(Supplier<? extends CompletionStage<?>> release) {
    releases.push(release);
  }

  /** Runs an operation, unless the request has ended. */
  public <T> Mono<T> run(Supplier<? extends CompletionStage<T>> operation) {
    return Mono.fromFuture(() -> start(operation), true);
  }

  /** Runs an operation, unless the request has ended. */
  public <T> Mono<T> run(Mono<T> operation) {
    return Mono.deferContextual(
        context -> run(() -> operation.contextWrite(other -> other.putAll(context)).toFuture()));
  }

  private synchronized <T> CompletableFuture<T> start(
      Supplier<? extends CompletionStage<T>> operation) {
    if (ended) return CompletableFuture.failedFuture(new CancellationException("request ended"));
    var result = operation.get().toCompletableFuture();
    operations = CompletableFuture.allOf(operations, result).exceptionally(failure -> null);
    return result;
  }

  private Mono<Void> release() {
    return Mono.fromFuture(this::releaseAll, true);
  }

  private synchronized CompletableFuture<Void> releaseAll() {
    ended = true;
    return operations.thenCompose(done -> releaseNext());
  }

  private CompletableFuture<Void> releaseNext() {
    var next = nextRelease();
    return next == null
        ? CompletableFuture.completedFuture(null)
        : release(next).thenCompose(done -> releaseNext());
  }

  private synchronized @Nullable Supplier<? extends CompletionStage<?>> nextRelease() {
    return releases.poll();
  }

  /** Reports a failure to the operator; the request has its result already. */
  private static CompletableFuture<?> release(Supplier<? extends CompletionStage<?>> release) {
    return CompletableFuture.completedFuture(null)
        .thenCompose(ignored -> release.get().thenApply(Object.class::cast))
        .exceptionally(
            failure -> {
              log.atWarn().setCause(failure).log("could not release a resource of a request");
              return null;
            });
  }
}
