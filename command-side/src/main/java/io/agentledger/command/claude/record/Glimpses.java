package io.agentledger.command.claude.record;

import io.agentledger.api.session.LiveLane;
import io.agentledger.api.session.Progress;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.StreamItem;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows what is going on and is not recorded. Of one thing at most one word goes out in a second;
 * the newest of those that come in between waits for its turn. For any thread.
 */
public final class Glimpses {
  private static final Duration PACE = Duration.ofSeconds(1);
  private static final int THINGS_MAX = 1000;
  private static final int TEXT_LENGTH_MAX = 2000;

  private final DerivedNames names;
  private final LiveLane lane;
  private final Clock clock;
  private final Map<Object, Thing> things = new HashMap<>();
  private Optional<RunId> run = Optional.empty();

  /** When something of it was shown, and what waits. */
  private static final class Thing {
    private Instant shownAt = Instant.MIN;
    private @Nullable Word waiting;
  }

  private record Word(ThreadId thread, Progress progress) {}

  private record Task(String id) {}

  private enum Kind {
    THINKING
  }

  Glimpses(DerivedNames names, LiveLane lane, Clock clock) {
    this.names = names;
    this.lane = lane;
    this.clock = clock;
  }

  /** What the CLI said by the way. */
  synchronized void pass(ClaudeMessage.Passing said, Optional<RunId> during) {
    turnTo(during);
    switch (said) {
      case ClaudeMessage.StatusSaid it -> status(it);
      case ClaudeMessage.NoticeGiven it ->
          show(it, names.own(), Progress.ofNotice(it.level(), cut(it.text())));
      case ClaudeMessage.Thought it ->
          show(Kind.THINKING, names.own(), Progress.ofThinking(it.estimatedTokens()));
      case ClaudeMessage.TaskProgressed it ->
          show(new Task(it.taskId()), names.thread(it.toolUseId()), progress(it));
    }
  }

  private Progress progress(ClaudeMessage.TaskProgressed it) {
    return new Progress(
        "task",
        null,
        it.toolUseId().map(names::call).orElse(null),
        it.taskId(),
        it.tool().orElse(null),
        it.elapsed().toMillis(),
        it.tokens(),
        it.calls(),
        null,
        cut(it.doing()));
  }

  /** What it says of states is little, and each of them counts. */
  private void status(ClaudeMessage.StatusSaid it) {
    it.state().ifPresent(state -> send(Progress.ofState(state, null)));
    it.compacting()
        .ifPresent(
            end ->
                send(
                    Progress.ofState(
                        end.equals("success") ? "compacted" : "not_compacted",
                        it.compactError().map(Glimpses::cut).orElse(null))));
    it.mode()
        .ifPresent(
            mode -> send(Progress.ofState(mode.equals("plan") ? "planning" : "acting", null)));
  }

  /** A call that has been at work for so long. */
  public synchronized void atWork(ToolCallId call, ThreadId thread, String tool, Duration elapsed) {
    if (elapsed.compareTo(PACE) >= 0) {
      show(call, thread, Progress.ofTool(call, tool, elapsed.toMillis()));
    }
  }

  /** Now and then: what waits may have its turn. */
  public synchronized void look(Optional<RunId> during) {
    turnTo(during);
    Instant now = clock.instant();
    for (Thing thing : things.values()) {
      Word word = thing.waiting;
      if (word != null && isDue(thing, now)) {
        send(thing, word, now);
      }
    }
  }

  private void turnTo(Optional<RunId> during) {
    if (!during.equals(run)) {
      run = during;
      things.clear();
    }
  }

  private void show(Object key, ThreadId thread, Progress progress) {
    if (things.size() >= THINGS_MAX && !things.containsKey(key)) {
      return;
    }
    Thing thing = things.computeIfAbsent(key, any -> new Thing());
    Word word = new Word(thread, progress);
    Instant now = clock.instant();
    if (isDue(thing, now)) {
      send(thing, word, now);
    } else {
      thing.waiting = word;
    }
  }

  private static boolean isDue(Thing thing, Instant now) {
    return !now.isBefore(thing.shownAt.plus(PACE));
  }

  private void send(Thing thing, Word word, Instant now) {
    thing.shownAt = now;
    thing.waiting = null;
    send(word.thread(), word.progress());
  }

  private void send(Progress progress) {
    send(names.own(), progress);
  }

  private void send(ThreadId thread, Progress progress) {
    lane.send(
        StreamItem.frame(names.session(), run.orElse(null), thread, clock.instant(), progress));
  }

  private static String cut(String text) {
    return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX);
  }
}
