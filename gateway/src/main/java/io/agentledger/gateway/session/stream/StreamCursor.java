package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Done.Reason;
import io.agentledger.gateway.support.problem.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Cursor of one subscription in the events of a session. Every event after its start is delivered
 * once and in order: from the ring buffer while the subscription keeps up, from the store
 * otherwise. Transient events are missed that the buffer has no longer, and those that the client
 * may have received before it resumed the stream. Confined to the subscription's event loop.
 */
final class StreamCursor {
  /** Delay before another read when the store has fewer events than the buffer. */
  private static final Duration STORE_RETRY_DELAY = Duration.ofMillis(50);

  private final SessionStreamBuffer sessionStreamBuffer;
  private final StreamRequest streamRequest;
  private final Callbacks callbacks;
  private final Queue<EncodedItem> backlog = new ArrayDeque<>();

  /** Position in the buffer before which no transient event is delivered. */
  private final long transientStart;

  private long lastSequence;

  /** Position in the buffer; -1 while the store is read. */
  private long position = -1;

  private @Nullable Disposable storeRead;
  private @Nullable EncodedItem lastItem;
  private boolean finished;

  /** Run that waits for budget; the stream of a query ends then. */
  private @Nullable RunId pausedRun;

  /** Whether the store is read for the end of a pause, which a repeated request finds there. */
  private boolean pauseUnconfirmed;

  StreamCursor(
      SessionStreamBuffer sessionStreamBuffer, StreamRequest streamRequest, Callbacks callbacks) {
    this.sessionStreamBuffer = sessionStreamBuffer;
    this.streamRequest = streamRequest;
    this.callbacks = callbacks;
    this.lastSequence = streamRequest.after();
    this.transientStart = streamRequest.resumed() ? sessionStreamBuffer.head() : 0;
  }

  /** Callbacks that a cursor uses to read and to deliver. */
  interface Callbacks {
    /** Returns encoded events after {@code after}; off the event loop. */
    Mono<List<EncodedItem>> readStore(long after);

    EncodedItem encode(StreamItem.Body body);

    Problem toProblem(Throwable failure);

    /** Runs a task on the event loop, and continues the delivery. */
    void runAndDrain(Runnable task);
  }

  SessionStreamBuffer buffer() {
    return sessionStreamBuffer;
  }

  /** Returns the next item of the request; null if there is none yet, or the stream has ended. */
  @Nullable EncodedItem next() {
    while (!finished) {
      var encodedItem = advance();
      if (encodedItem == null) return pollLastItem();
      if (encodedItem.hasSequence() && !acceptIfNext(encodedItem)) continue;
      if (!encodedItem.hasSequence() && encodedItem.position() < transientStart) continue;
      var endReason = streamRequest.endReason(encodedItem);
      if (endReason != null) finish(endReason);
      else trackPause(encodedItem);
      if (streamRequest.isInScope(encodedItem)) return encodedItem;
    }
    return pollLastItem();
  }

  /** Returns whether the stream has ended. */
  boolean isFinished() {
    return finished && lastItem == null;
  }

  private void trackPause(EncodedItem encodedItem) {
    if (streamRequest.isPause(encodedItem)) {
      pausedRun = encodedItem.runId();
      pauseUnconfirmed = true;
      position = -1;
    } else if (pausedRun != null && isEndOfPause(encodedItem, pausedRun)) {
      pausedRun = null;
      pauseUnconfirmed = false;
    }
  }

  /** Returns whether the run continues or has ended. */
  private static boolean isEndOfPause(EncodedItem encodedItem, RunId run) {
    return run.equals(encodedItem.runId())
        && ("RunResumed".equals(encodedItem.event()) || encodedItem.type().equals("result"));
  }

  private void finish(Reason reason) {
    finish(callbacks.encode(streamRequest.doneBody(reason)));
  }

  private @Nullable EncodedItem pollLastItem() {
    if (!finished) return null;
    var item = lastItem;
    lastItem = null;
    return item;
  }

  private void finish(@Nullable EncodedItem item) {
    finished = true;
    lastItem = item;
  }

  /**
   * Accepts the next event; skips an event that was delivered, and switches to the store if events
   * are missing.
   */
  private boolean acceptIfNext(EncodedItem event) {
    if (event.sequence() <= lastSequence) return false;
    if (event.sequence() > lastSequence + 1) {
      backlog.clear();
      position = -1;
      return false;
    }
    lastSequence = event.sequence();
    return true;
  }

  private @Nullable EncodedItem advance() {
    while (true) {
      var next = backlog.poll();
      if (next != null) return next;
      if (position < 0 && !pauseUnconfirmed) position = sessionStreamBuffer.findStart(lastSequence);
      if (position < 0) {
        readStore();
        return null;
      }
      boolean closed = sessionStreamBuffer.isClosed();
      if (position >= sessionStreamBuffer.head()) {
        if (closed) finishWithBuffer();
        else if (pausedRun != null) finish(Reason.BUDGET_PAUSED);
        return null;
      }
      var encodedItem = sessionStreamBuffer.find(position);
      if (encodedItem != null) {
        position++;
        return encodedItem;
      }
      position = -1;
    }
  }

  private void finishWithBuffer() {
    var failure = sessionStreamBuffer.failure();
    finish(failure == null ? null : encodeError(failure));
  }

  /** Discards undelivered items and ends the stream with an error. */
  void finish(StreamItem.Error error) {
    stop();
    lastItem = callbacks.encode(error);
  }

  private EncodedItem encodeError(Throwable failure) {
    var problem = callbacks.toProblem(failure);
    return callbacks.encode(new StreamItem.Error(problem.code(), problem.detail()));
  }

  private void readStore() {
    if (storeRead != null) return;
    long after = lastSequence;
    storeRead =
        callbacks
            .readStore(after)
            .flatMap(
                encodedItems ->
                    encodedItems.isEmpty()
                        ? Mono.delay(STORE_RETRY_DELAY).thenReturn(encodedItems)
                        : Mono.just(encodedItems))
            .subscribe(
                encodedItems -> callbacks.runAndDrain(() -> addToBacklog(encodedItems)),
                failure -> callbacks.runAndDrain(() -> finish(encodeError(failure))));
  }

  private void addToBacklog(List<EncodedItem> encodedItems) {
    storeRead = null;
    if (encodedItems.isEmpty()) pauseUnconfirmed = false;
    backlog.addAll(encodedItems);
  }

  /** Stops the delivery. */
  void stop() {
    finished = true;
    lastItem = null;
    backlog.clear();
    if (storeRead != null) storeRead.dispose();
  }
}
