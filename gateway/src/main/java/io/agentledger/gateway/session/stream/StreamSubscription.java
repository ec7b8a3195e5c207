package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.stream.StreamItem;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One viewer of one session: a {@link StreamCursor} and the number of items that its transport
 * asked for. It lives on one event loop; all but {@link #send}, {@link #request} and {@link
 * #cancel} happens there. To be subscribed to once.
 */
public final class StreamSubscription<T> extends Flux<T> implements Subscription {
  /** The longest slice of joined lines. */
  private static final int SLICE_BYTES_MAX = 16 * 1024;

  private static final long PING_SECONDS = 15;
  private static final long WRITABILITY_POLL_MILLIS = 20;
  private static final long TERMINATION_GRACE_MILLIS = 500;

  private final SessionStreamRegistry sessionStreamRegistry;
  private final StreamRequest streamRequest;
  private final StreamFormat<T> streamFormat;
  private final EventExecutor loop;
  private final BooleanSupplier writable;
  private final Queue<OutboundMessage<T>> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private volatile boolean terminated;
  private volatile boolean closed;

  // Touched on the loop only.
  private @Nullable CoreSubscriber<? super T> subscriber;
  private @Nullable StreamCursor cursor;
  private @Nullable ScheduledFuture<?> pingTask;
  private @Nullable Disposable accessMonitor;
  private @Nullable EncodedItem pushedBack;
  private boolean pingDue;
  private boolean drainScheduled;
  private boolean draining;

  StreamSubscription(
      SessionStreamRegistry sessionStreamRegistry,
      StreamRequest streamRequest,
      StreamFormat<T> streamFormat,
      ClientChannel clientChannel) {
    this.sessionStreamRegistry = sessionStreamRegistry;
    this.streamRequest = streamRequest;
    this.streamFormat = streamFormat;
    this.loop = clientChannel.loop();
    this.writable = clientChannel.writable();
  }

  EventExecutor loop() {
    return loop;
  }

  StreamRequest streamRequest() {
    return streamRequest;
  }

  @Override
  public void subscribe(CoreSubscriber<? super T> actual) {
    if (!subscribed.compareAndSet(false, true)) {
      Operators.error(actual, new IllegalStateException("a follower is followed once"));
      return;
    }
    runOnEventLoop(() -> start(actual));
  }

  private void start(CoreSubscriber<? super T> actual) {
    subscriber = actual;
    var greeting = streamFormat.greeting();
    if (greeting != null) outbox.add(new OutboundMessage<>(greeting, () -> {}));
    cursor = sessionStreamRegistry.subscribe(this);
    pingTask = loop.scheduleAtFixedRate(this::ping, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
    actual.onSubscribe(this);
    accessMonitor = sessionStreamRegistry.monitorAccess(this);
    drain();
  }

  /**
   * Ends it with an error as the last item, and without that if nobody takes it; safe from any
   * thread.
   */
  void terminate(StreamItem.Error error) {
    runOnEventLoop(
        () -> {
          var source = cursor;
          var target = subscriber;
          if (closed || terminated || source == null || target == null) return;
          terminated = true;
          pushedBack = null;
          source.finish(error);
          loop.schedule(
              () -> completeIfOpen(target), TERMINATION_GRACE_MILLIS, TimeUnit.MILLISECONDS);
          drain();
        });
  }

  private void completeIfOpen(CoreSubscriber<? super T> target) {
    if (!closed) complete(target);
  }

  /** Whether it was ended because its viewer may not see it any more. */
  public boolean isTerminated() {
    return terminated;
  }

  private void ping() {
    pingDue = true;
    drain();
  }

  /** An object of our own that waits to be taken, and who waits for that. */
  private record OutboundMessage<T>(T payload, Runnable onSent) {}

  /**
   * Puts one JSON object of our own between the items; safe from any thread. Completes when the
   * viewer has taken it, or has gone: whoever waits for that before he says the next one never
   * makes words pile up for a viewer who does not read.
   */
  public Mono<Void> send(byte[] object) {
    return Mono.create(
        sink -> {
          outbox.add(new OutboundMessage<>(streamFormat.encodeJson(object), sink::success));
          runOnEventLoop(this::drainOrDiscard);
        });
  }

  private void drainOrDiscard() {
    if (closed) discardMessages();
    else drain();
  }

  private void discardMessages() {
    for (var message = outbox.poll(); message != null; message = outbox.poll())
      message.onSent().run();
  }

  @Override
  public void request(long count) {
    if (!Operators.validate(count)) return;
    requested.getAndUpdate(demand -> Operators.addCap(demand, count));
    runOnEventLoop(this::drain);
  }

  @Override
  public void cancel() {
    closed = true;
    runOnEventLoop(this::unsubscribe);
  }

  /** Hands over what there is, as far as it was asked for. */
  void drain() {
    var target = subscriber;
    var source = cursor;
    if (target == null || source == null || draining || closed) return;
    draining = true;
    try {
      long emitted = 0;
      while (!closed && emitted < requested.get()) {
        if (!writable.getAsBoolean()) {
          scheduleDrain();
          break;
        }
        var output = nextOutput(source);
        if (output == null) break;
        emitted++;
        target.onNext(output);
      }
      reduceDemand(emitted);
      if (!closed && pushedBack == null && outbox.isEmpty() && source.isFinished())
        complete(target);
    } catch (Throwable failure) {
      Exceptions.throwIfFatal(failure);
      unsubscribe();
      target.onError(failure);
    } finally {
      draining = false;
    }
  }

  private void reduceDemand(long count) {
    if (count > 0)
      requested.getAndUpdate(demand -> demand == Long.MAX_VALUE ? demand : demand - count);
  }

  /** A channel that is full takes nothing; that it has room again nobody tells us. */
  private void scheduleDrain() {
    if (drainScheduled) return;
    drainScheduled = true;
    loop.schedule(
        () -> {
          drainScheduled = false;
          drain();
        },
        WRITABILITY_POLL_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private @Nullable T nextOutput(StreamCursor source) {
    var message = outbox.poll();
    if (message != null) {
      message.onSent().run();
      return message.payload();
    }
    if (pingDue) {
      pingDue = false;
      var ping = streamFormat.ping();
      if (ping != null) return ping;
    }
    var first = nextItem(source);
    return first == null
        ? null
        : streamFormat.encode(first, streamFormat.canJoin() ? extendSlice(first, source) : first);
  }

  private EncodedItem extendSlice(EncodedItem first, StreamCursor source) {
    var last = first;
    while (last.end() - first.start() < SLICE_BYTES_MAX) {
      var encodedItem = nextItem(source);
      if (encodedItem == null) break;
      if (!last.isAdjacentTo(encodedItem)) {
        pushedBack = encodedItem;
        break;
      }
      last = encodedItem;
    }
    return last;
  }

  private @Nullable EncodedItem nextItem(StreamCursor source) {
    var encodedItem = pushedBack;
    if (encodedItem == null) return source.next();
    pushedBack = null;
    return encodedItem;
  }

  private void complete(CoreSubscriber<? super T> target) {
    unsubscribe();
    target.onComplete();
  }

  private void unsubscribe() {
    closed = true;
    discardMessages();
    var source = cursor;
    if (source == null) return;
    cursor = null;
    if (pingTask != null) pingTask.cancel(false);
    if (accessMonitor != null) accessMonitor.dispose();
    sessionStreamRegistry.unsubscribe(this, source);
  }

  void runOnEventLoop(Runnable task) {
    if (loop.inEventLoop()) task.run();
    else loop.execute(task);
  }
}
