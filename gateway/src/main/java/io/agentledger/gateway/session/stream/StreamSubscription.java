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
  private static final long SECOND_LOOK_MILLIS = 20;
  private static final long EXPELLED_AFTER_MILLIS = 500;

  private final SessionStreamRegistry sessionStreamRegistry;
  private final StreamRequest streamRequest;
  private final StreamFormat<T> streamFormat;
  private final EventExecutor loop;
  private final BooleanSupplier writable;
  private final Queue<Word<T>> said = new ConcurrentLinkedQueue<>();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private volatile boolean expelled;
  private volatile boolean over;

  // Touched on the loop only.
  private @Nullable CoreSubscriber<? super T> viewer;
  private @Nullable StreamCursor cursor;
  private @Nullable ScheduledFuture<?> pings;
  private @Nullable Disposable watch;
  private @Nullable EncodedItem held;
  private boolean pingDue;
  private boolean waiting;
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

  StreamRequest plan() {
    return streamRequest;
  }

  @Override
  public void subscribe(CoreSubscriber<? super T> actual) {
    if (!subscribed.compareAndSet(false, true)) {
      Operators.error(actual, new IllegalStateException("a follower is followed once"));
      return;
    }
    onLoop(() -> start(actual));
  }

  private void start(CoreSubscriber<? super T> actual) {
    viewer = actual;
    var hello = streamFormat.greeting();
    if (hello != null) said.add(new Word<>(hello, () -> {}));
    cursor = sessionStreamRegistry.subscribe(this);
    pings = loop.scheduleAtFixedRate(this::ping, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
    actual.onSubscribe(this);
    watch = sessionStreamRegistry.watch(this);
    drain();
  }

  /**
   * Ends it with an error as the last item, and without that if nobody takes it; safe from any
   * thread.
   */
  void terminate(StreamItem.Error why) {
    onLoop(
        () -> {
          var from = cursor;
          var to = viewer;
          if (over || expelled || from == null || to == null) return;
          expelled = true;
          held = null;
          from.end(why);
          loop.schedule(() -> dismiss(to), EXPELLED_AFTER_MILLIS, TimeUnit.MILLISECONDS);
          drain();
        });
  }

  private void dismiss(CoreSubscriber<? super T> from) {
    if (!over) finish(from);
  }

  /** Whether it was ended because its viewer may not see it any more. */
  public boolean isExpelled() {
    return expelled;
  }

  private void ping() {
    pingDue = true;
    drain();
  }

  /** An object of our own that waits to be taken, and who waits for that. */
  private record Word<T>(T item, Runnable taken) {}

  /**
   * Puts one JSON object of our own between the items; safe from any thread. Completes when the
   * viewer has taken it, or has gone: whoever waits for that before he says the next one never
   * makes words pile up for a viewer who does not read.
   */
  public Mono<Void> send(byte[] object) {
    return Mono.create(
        sink -> {
          said.add(new Word<>(streamFormat.json(object), sink::success));
          onLoop(this::drainOrDrop);
        });
  }

  private void drainOrDrop() {
    if (over) dropWords();
    else drain();
  }

  private void dropWords() {
    for (var word = said.poll(); word != null; word = said.poll()) word.taken().run();
  }

  @Override
  public void request(long count) {
    if (!Operators.validate(count)) return;
    requested.getAndUpdate(known -> Operators.addCap(known, count));
    onLoop(this::drain);
  }

  @Override
  public void cancel() {
    over = true;
    onLoop(this::unsubscribe);
  }

  /** Hands over what there is, as far as it was asked for. */
  void drain() {
    var to = viewer;
    var from = cursor;
    if (to == null || from == null || draining || over) return;
    draining = true;
    try {
      long given = 0;
      while (!over && given < requested.get()) {
        if (!writable.getAsBoolean()) {
          scheduleDrain();
          break;
        }
        var next = next(from);
        if (next == null) break;
        given++;
        to.onNext(next);
      }
      produced(given);
      if (!over && held == null && said.isEmpty() && from.isFinished()) finish(to);
    } catch (Throwable fault) {
      Exceptions.throwIfFatal(fault);
      unsubscribe();
      to.onError(fault);
    } finally {
      draining = false;
    }
  }

  private void produced(long count) {
    if (count > 0) requested.getAndUpdate(asked -> asked == Long.MAX_VALUE ? asked : asked - count);
  }

  /** A channel that is full takes nothing; that it has room again nobody tells us. */
  private void scheduleDrain() {
    if (waiting) return;
    waiting = true;
    loop.schedule(
        () -> {
          waiting = false;
          drain();
        },
        SECOND_LOOK_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private @Nullable T next(StreamCursor from) {
    var word = said.poll();
    if (word != null) {
      word.taken().run();
      return word.item();
    }
    if (pingDue) {
      pingDue = false;
      var ping = streamFormat.ping();
      if (ping != null) return ping;
    }
    var first = nextFrom(from);
    return first == null
        ? null
        : streamFormat.encode(first, streamFormat.joins() ? lastTouching(first, from) : first);
  }

  private EncodedItem lastTouching(EncodedItem first, StreamCursor from) {
    var last = first;
    while (last.end() - first.start() < SLICE_BYTES_MAX) {
      var encodedItem = nextFrom(from);
      if (encodedItem == null) break;
      if (!last.isAdjacentTo(encodedItem)) {
        held = encodedItem;
        break;
      }
      last = encodedItem;
    }
    return last;
  }

  private @Nullable EncodedItem nextFrom(StreamCursor from) {
    var encodedItem = held;
    if (encodedItem == null) return from.next();
    held = null;
    return encodedItem;
  }

  private void finish(CoreSubscriber<? super T> to) {
    unsubscribe();
    to.onComplete();
  }

  private void unsubscribe() {
    over = true;
    dropWords();
    var from = cursor;
    if (from == null) return;
    cursor = null;
    if (pings != null) pings.cancel(false);
    if (watch != null) watch.dispose();
    sessionStreamRegistry.unsubscribe(this, from);
  }

  void onLoop(Runnable task) {
    if (loop.inEventLoop()) task.run();
    else loop.execute(task);
  }
}
