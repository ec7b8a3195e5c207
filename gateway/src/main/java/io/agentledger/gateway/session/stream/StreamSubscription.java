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
import org.springframework.core.io.buffer.DataBuffer;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One subscription to one session: a {@link StreamCursor} and the number of items that its
 * transport requested. It belongs to one event loop; everything but {@link #send}, {@link #request}
 * and {@link #cancel} happens there. Can be subscribed to once.
 */
public final class StreamSubscription<T> extends Flux<T> implements Subscription {
  /** Maximum length of a slice of joined items. */
  private static final int SLICE_BYTES_MAX = 16 * 1024;

  private static final long PING_SECONDS = 15;
  private static final long WRITABILITY_POLL_MILLIS = 20;
  private static final long TERMINATION_GRACE_MILLIS = 500;

  private final SessionStreamRegistry sessionStreamRegistry;
  private final StreamRequest streamRequest;
  private final StreamFormat<T> streamFormat;
  private final EventExecutor loop;
  private final BooleanSupplier writable;
  private final @Nullable ChunkWriter chunkWriter;
  private final Queue<OutboundMessage<T>> outbox = new ConcurrentLinkedQueue<>();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private volatile boolean terminated;
  private volatile boolean closed;

  // Accessed on the event loop only.
  private @Nullable CoreSubscriber<? super T> subscriber;
  private @Nullable StreamCursor cursor;
  private @Nullable ScheduledFuture<?> pingTask;
  private @Nullable Disposable accessMonitor;
  private @Nullable EncodedItem pushedBack;
  private boolean greeted;
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
    var codec = streamFormat.isChunked() ? clientChannel.httpCodec() : null;
    this.chunkWriter = codec == null ? null : new ChunkWriter(codec, this::cancel);
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
      Operators.error(actual, new IllegalStateException("a stream can be subscribed to once"));
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
    if (closed) return; // The client has disconnected already.
    accessMonitor = sessionStreamRegistry.monitorAccess(this);
    if (chunkWriter != null) chunkWriter.open();
    drain();
  }

  /** Ends the stream with an error as the last item, even without demand; thread-safe. */
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

  /** Returns whether it was ended because its caller lost access. */
  public boolean isTerminated() {
    return terminated;
  }

  private void ping() {
    pingDue = true;
    drain();
  }

  /** A message of the service that waits for demand, with a callback. */
  private record OutboundMessage<T>(T payload, Runnable onSent) {}

  /**
   * Sends one JSON object between the items; thread-safe. Completes when the client has received
   * it, or has disconnected. Callers that wait for it before the next message cannot fill the
   * memory for a client that does not read.
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

  /** Emits available items up to the requested number. */
  void drain() {
    var target = subscriber;
    var source = cursor;
    if (target == null || source == null || draining || closed) return;
    draining = true;
    try {
      long emitted = 0;
      while (!closed && emitted < requested.get()) {
        if (!isWritable()) {
          scheduleDrain();
          break;
        }
        var output = nextOutput(source);
        if (output == null) break;
        if (chunkWriter != null && greeted) {
          chunkWriter.write((DataBuffer) output); // Needs no demand.
          continue;
        }
        greeted = true;
        emitted++;
        target.onNext(output);
      }
      if (chunkWriter != null) chunkWriter.flush();
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

  /** Returns whether the channel accepts more, once it has passed on what it has. */
  private boolean isWritable() {
    if (writable.getAsBoolean()) return true;
    if (chunkWriter == null) return false;
    chunkWriter.flush();
    return writable.getAsBoolean();
  }

  private void reduceDemand(long count) {
    if (count > 0)
      requested.getAndUpdate(demand -> demand == Long.MAX_VALUE ? demand : demand - count);
  }

  /**
   * Retries later while the channel is full, because nothing signals that it accepts data again.
   */
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
    for (var first = nextItem(source); first != null; first = nextItem(source)) {
      var last = streamFormat.isChunked() ? extendSlice(first, source) : first;
      var output = streamFormat.encode(first, last);
      if (output != null) return output;
    }
    return null;
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
    if (chunkWriter != null) chunkWriter.close();
    sessionStreamRegistry.unsubscribe(this, source);
  }

  void runOnEventLoop(Runnable task) {
    if (loop.inEventLoop()) task.run();
    else loop.execute(task);
  }
}
