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

  private final SessionStreamBuffer log;
  private final StreamRequest plan;
  private final Callbacks context;
  private final Queue<EncodedItem> backlog = new ArrayDeque<>();

  private long lastFact;

  /** In the log; -1 while the store is read. */
  private long position = -1;

  private @Nullable Disposable reading;
  private @Nullable EncodedItem lastWord;
  private boolean ending;

  StreamCursor(SessionStreamBuffer log, StreamRequest plan, Callbacks context) {
    this.log = log;
    this.plan = plan;
    this.context = context;
    this.lastFact = plan.after();
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
    return log;
  }

  /** The next line that the plan wants, or null when there is none yet, or none any more. */
  @Nullable EncodedItem next() {
    while (!ending) {
      var line = advance();
      if (line == null) return lastWord();
      if (line.isFact() && !isNext(line)) continue;
      if (!line.isFact() && isBehind()) continue;
      if (plan.endsWith(line)) end(context.line(plan.end()));
      if (plan.wants(line)) return line;
    }
    return lastWord();
  }

  /** Whether there will be no more lines. */
  boolean isOver() {
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
    return log.head() - position > FRAMES_BEHIND_MAX;
  }

  private @Nullable EncodedItem advance() {
    while (true) {
      var known = backlog.poll();
      if (known != null) return known;
      if (position < 0) position = log.join(lastFact);
      if (position < 0) {
        readStore();
        return null;
      }
      boolean closed = log.isClosed();
      if (position >= log.head()) {
        if (closed) close();
        return null;
      }
      var line = log.at(position);
      if (line != null) {
        position++;
        return line;
      }
      position = -1;
    }
  }

  private void close() {
    var why = log.failure();
    end(why == null ? null : error(why));
  }

  /** Whatever was still to come does not, and this is the last word. */
  void end(StreamItem.Error why) {
    stop();
    lastWord = context.line(why);
  }

  private EncodedItem error(Throwable why) {
    var problem = context.problem(why);
    return context.line(new StreamItem.Error(problem.code(), problem.detail()));
  }

  private void readStore() {
    if (reading != null) return;
    long after = lastFact;
    reading =
        context
            .read(after)
            .flatMap(
                lines ->
                    lines.isEmpty() ? Mono.delay(SECOND_LOOK).thenReturn(lines) : Mono.just(lines))
            .subscribe(
                lines -> context.then(() -> take(lines)),
                failure -> context.then(() -> end(error(failure))));
  }

  private void take(List<EncodedItem> lines) {
    reading = null;
    backlog.addAll(lines);
  }

  /** Nobody reads on. */
  void stop() {
    ending = true;
    lastWord = null;
    backlog.clear();
    if (reading != null) reading.dispose();
  }
}
