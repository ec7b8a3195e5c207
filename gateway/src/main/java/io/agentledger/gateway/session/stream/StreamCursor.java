package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.problem.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Where one follower is in a session's story. Every fact behind the one it began at comes exactly
 * once and in order: from the log's ring while it keeps up, from the store when it does not or
 * joined late. Frames are skipped by who is behind. On the follower's event loop only.
 */
final class StreamCursor {
  /** How far behind the head frames still are of use. */
  private static final int FRAMES_BEHIND_MAX = 100;

  /** The store was asked and had less than the log: it is asked again after this. */
  private static final Duration SECOND_LOOK = Duration.ofMillis(50);

  private final SessionStreamBuffer sessionStreamBuffer;
  private final StreamRequest streamRequest;
  private final Callbacks callbacks;
  private final Queue<EncodedItem> backlog = new ArrayDeque<>();

  private long lastFact;

  /** In the log; -1 while the store is read. */
  private long position = -1;

  private @Nullable Disposable reading;
  private @Nullable EncodedItem lastWord;
  private boolean ending;

  StreamCursor(
      SessionStreamBuffer sessionStreamBuffer, StreamRequest streamRequest, Callbacks callbacks) {
    this.sessionStreamBuffer = sessionStreamBuffer;
    this.streamRequest = streamRequest;
    this.callbacks = callbacks;
    this.lastFact = streamRequest.after();
  }

  /** What a cursor needs of the world around it. */
  interface Callbacks {
    /** Facts behind {@code after}, encoded; off the event loop. */
    Mono<List<EncodedItem>> read(long after);

    EncodedItem line(StreamItem.Body body);

    Problem problem(Throwable failure);

    /** Runs it on the event loop, and lets the follower go on. */
    void then(Runnable task);
  }

  SessionStreamBuffer log() {
    return sessionStreamBuffer;
  }

  /** The next line that the plan wants, or null when there is none yet, or none any more. */
  @Nullable EncodedItem next() {
    while (!ending) {
      var encodedItem = advance();
      if (encodedItem == null) return lastWord();
      if (encodedItem.isFact() && !isNext(encodedItem)) continue;
      if (!encodedItem.isFact() && isBehind()) continue;
      if (streamRequest.endsWith(encodedItem)) end(callbacks.line(streamRequest.end()));
      if (streamRequest.wants(encodedItem)) return encodedItem;
    }
    return lastWord();
  }

  /** Whether there will be no more lines. */
  boolean isFinished() {
    return ending && lastWord == null;
  }

  private @Nullable EncodedItem lastWord() {
    if (!ending) return null;
    var word = lastWord;
    lastWord = null;
    return word;
  }

  private void end(@Nullable EncodedItem word) {
    ending = true;
    lastWord = word;
  }

  /** A fact that is known is not shown again; one that leaves a gap sends us to the store. */
  private boolean isNext(EncodedItem fact) {
    if (fact.sequence() <= lastFact) return false;
    if (fact.sequence() > lastFact + 1) {
      backlog.clear();
      position = -1;
      return false;
    }
    lastFact = fact.sequence();
    return true;
  }

  private boolean isBehind() {
    return sessionStreamBuffer.head() - position > FRAMES_BEHIND_MAX;
  }

  private @Nullable EncodedItem advance() {
    while (true) {
      var known = backlog.poll();
      if (known != null) return known;
      if (position < 0) position = sessionStreamBuffer.join(lastFact);
      if (position < 0) {
        readStore();
        return null;
      }
      boolean closed = sessionStreamBuffer.isClosed();
      if (position >= sessionStreamBuffer.head()) {
        if (closed) close();
        return null;
      }
      var encodedItem = sessionStreamBuffer.at(position);
      if (encodedItem != null) {
        position++;
        return encodedItem;
      }
      position = -1;
    }
  }

  private void close() {
    var why = sessionStreamBuffer.failure();
    end(why == null ? null : error(why));
  }

  /** Whatever was still to come does not, and this is the last word. */
  void end(StreamItem.Error why) {
    stop();
    lastWord = callbacks.line(why);
  }

  private EncodedItem error(Throwable why) {
    var problem = callbacks.problem(why);
    return callbacks.line(new StreamItem.Error(problem.code(), problem.detail()));
  }

  private void readStore() {
    if (reading != null) return;
    long after = lastFact;
    reading =
        callbacks
            .read(after)
            .flatMap(
                encodedItems ->
                    encodedItems.isEmpty()
                        ? Mono.delay(SECOND_LOOK).thenReturn(encodedItems)
                        : Mono.just(encodedItems))
            .subscribe(
                encodedItems -> callbacks.then(() -> addToBacklog(encodedItems)),
                failure -> callbacks.then(() -> end(error(failure))));
  }

  private void addToBacklog(List<EncodedItem> encodedItems) {
    reading = null;
    backlog.addAll(encodedItems);
  }

  /** Nobody reads on. */
  void stop() {
    ending = true;
    lastWord = null;
    backlog.clear();
    if (reading != null) reading.dispose();
  }
}
