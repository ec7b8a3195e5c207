package io.agentledger.gateway.support.messaging;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestMetadata;
import io.netty.util.internal.ThreadExecutorMap;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.responsetypes.ResponseType;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sends messages of the API to the other modules. Handlers may block: they run on threads of their
 * own, never on an event loop. A handler that has started continues when the client disconnects,
 * because an interrupt during a statement would close its database connection.
 */
@Component
public class MessageGateway {
  /** Longer than each timeout of the database, shorter than the sum of those of one query. */
  private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(9);

  private static final int PLATFORM_THREADS_MAX = 16;
  private static final Duration THREAD_IDLE_MAX = Duration.ofSeconds(30);

  /** Number of items of a stream that wait for the event loop. */
  private static final int PREFETCH = 16;

  private final CommandGateway commands;
  private final QueryGateway queries;
  private final CommandTracing commandTracing;

  /**
   * Threads of the operating system. A statement costs them half of what it costs virtual threads,
   * because the reply wakes the waiting thread itself. Messages beyond their number run on virtual
   * threads, so that none waits for another one.
   */
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          PLATFORM_THREADS_MAX,
          THREAD_IDLE_MAX.toSeconds(),
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          MessageThread::new,
          (operation, busy) -> Thread.startVirtualThread(operation));

  /** The scheduler of a plain executor does not interrupt operations that are cancelled. */
  private final Scheduler scheduler = Schedulers.fromExecutor(threads::execute);

  private static final class MessageThread extends Thread {
    private static final AtomicLong COUNT = new AtomicLong();

    MessageThread(Runnable operations) {
      super(operations, "messages-" + COUNT.getAndIncrement());
      setDaemon(true);
    }
  }

  MessageGateway(CommandGateway commands, QueryGateway queries, CommandTracing commandTracing) {
    this.commands = commands;
    this.queries = queries;
    this.commandTracing = commandTracing;
  }

  /** Sends a command with the caller of the request; empty if the command returns nothing. */
  public <R> Mono<R> send(RequestContext context, Object command) {
    return send(command, MetaData.from(context.metadata()));
  }

  /**
   * Sends a command and waits until the read model contains its result, so that the caller's next
   * list does. The query waits for that; its own failure does not matter, because the command has
   * succeeded.
   *
   * @param query for the object that the command changes and does not delete
   */
  public Mono<Void> sendAndAwait(RequestContext context, Object command, Object query) {
    return send(context, command)
        .then(query(context, query, Object.class).onErrorComplete().then());
  }

  /** Sends a command that needs no authentication. */
  public <R> Mono<R> send(RequestMetadata requestMetadata, Object command) {
    return send(command, MetaData.from(requestMetadata.metadata()));
  }

  /** Sends a command of the service itself with the given provenance. */
  public <R> Mono<R> sendAsSystem(Provenance provenance, Object command) {
    return send(command, MetaData.from(provenance.asMetadata()));
  }

  private <R> Mono<R> send(Object command, MetaData metadata) {
    return onEventLoop(
        commandTracing.trace(
            command, trace -> async(() -> commands.<R>send(command, metadata.mergedWith(trace)))));
  }

  /**
   * Runs the operation on a thread for messages, because Axon handles them on the sender's thread;
   * cancellation does not interrupt it.
   */
  private <R> Mono<R> async(Supplier<CompletableFuture<R>> operation) {
    return Mono.fromFuture(
        () -> CompletableFuture.supplyAsync(operation, executor()).thenCompose(Function.identity()),
        true);
  }

  private Executor executor() {
    return Thread.currentThread() instanceof MessageThread ? Runnable::run : threads;
  }

  /** Sends a query with the caller of the request. */
  public <R> Mono<R> query(RequestContext context, Object query, Class<R> responseType) {
    return query(toMessage(context.metadata(), query), ResponseTypes.instanceOf(responseType));
  }

  /**
   * Sends a query whose handler never blocks, and so on the current thread, an event loop. Empty if
   * only another query can tell.
   */
  public <R> Mono<R> queryMemory(RequestContext context, Object query, Class<R> responseType) {
    var message = toMessage(context.metadata(), query);
    return Mono.fromFuture(
            () -> queries.query(message, ResponseTypes.optionalInstanceOf(responseType)))
        .flatMap(Mono::justOrEmpty);
  }

  /** Sends a query over whole tables, which has no timeout. */
  public <R> Mono<R> queryTables(RequestContext context, Object query, Class<R> responseType) {
    return onEventLoop(
        dispatch(toMessage(context.metadata(), query), ResponseTypes.instanceOf(responseType)));
  }

  /** Sends a query for a list with the caller of the request. */
  public <R> Mono<List<R>> queryList(RequestContext context, Object query, Class<R> itemType) {
    return query(toMessage(context.metadata(), query), ResponseTypes.multipleInstancesOf(itemType));
  }

  /** Sends a query of the service itself. */
  public <R> Mono<List<R>> queryListAsSystem(Object query, Class<R> itemType) {
    return query(
        toMessage(MessageAuthorizer.SYSTEM, query), ResponseTypes.multipleInstancesOf(itemType));
  }

  /** Sends a query of the service itself. */
  public <R> Mono<R> queryAsSystem(Object query, Class<R> responseType) {
    return query(
        toMessage(MessageAuthorizer.SYSTEM, query), ResponseTypes.instanceOf(responseType));
  }

  private <R> Mono<R> query(Message<?> query, ResponseType<R> responseType) {
    return onEventLoop(
        dispatch(query, responseType).timeout(QUERY_TIMEOUT, Mono.error(MessageGateway::timedOut)));
  }

  private <R> Mono<R> dispatch(Message<?> query, ResponseType<R> responseType) {
    return async(() -> queries.query(query, responseType));
  }

  private static Exception timedOut() {
    return new SQLTransientConnectionException("a query took longer than " + QUERY_TIMEOUT);
  }

  private static Message<?> toMessage(Map<String, ?> metadata, Object query) {
    return new GenericMessage<>(query, metadata);
  }

  /**
   * Returns the result on the current event loop. Reactor Netty loses a response that another
   * thread writes while the connection's last exchange is still being closed.
   */
  public <R> Mono<R> onEventLoop(Mono<R> result) {
    var loop = ThreadExecutorMap.currentExecutor();
    return loop == null ? result : result.publishOn(Schedulers.fromExecutor(loop));
  }

  /** Returns the items on the current event loop, for the same reason. */
  public <R> Flux<R> onEventLoop(Flux<R> items) {
    var loop = ThreadExecutorMap.currentExecutor();
    return loop == null ? items : items.publishOn(Schedulers.fromExecutor(loop), PREFETCH);
  }

  /**
   * Runs a long operation on another thread and returns its result on the event loop; used for the
   * validation of attachments.
   */
  public <R> Mono<R> offload(Supplier<Mono<R>> operation) {
    return onEventLoop(Mono.defer(operation).subscribeOn(scheduler));
  }

  /** Sends a query that returns a page. */
  @SuppressWarnings("unchecked") // The type of the items is defined by the query.
  public <R> Mono<Page<R>> queryPage(RequestContext context, Object query) {
    return query(context, query, Page.class).map(page -> (Page<R>) page);
  }

  /** Follows a session. */
  public Flux<StreamItem> stream(RequestContext context, FollowSession query) {
    return stream(context, query, StreamItem.class);
  }

  /** Sends a query whose handler emits items until it is cancelled. */
  public <R> Flux<R> stream(RequestContext context, Object query, Class<R> itemType) {
    var message = toMessage(context.metadata(), query);
    return Flux.defer(() -> Flux.from(queries.streamingQuery(message, itemType)))
        .subscribeOn(scheduler);
  }

  /** Sends a query of the service itself that returns a stream. */
  public <R> Flux<R> streamAsSystem(Object query, Class<R> itemType) {
    var message = toMessage(MessageAuthorizer.SYSTEM, query);
    return Flux.defer(() -> Flux.from(queries.streamingQuery(message, itemType)))
        .subscribeOn(scheduler);
  }
}
