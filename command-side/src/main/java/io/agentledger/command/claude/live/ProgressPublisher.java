package io.agentledger.command.claude.live;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.stream.LiveFrameBus;
import io.agentledger.api.session.stream.ProgressFrame;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.record.DerivedIds;
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
public final class ProgressPublisher {
  private static final Duration PACE = Duration.ofSeconds(1);
  private static final int THINGS_MAX = 1000;
  private static final int TEXT_LENGTH_MAX = 2000;

  private final DerivedIds derivedIds;
  private final LiveFrameBus liveFrameBus;
  private final Clock clock;
  private final Map<Object, Thing> things = new HashMap<>();
  private Optional<RunId> run = Optional.empty();

  /** When something of it was shown, and what waits. */
  private static final class Thing {
    private Instant shownAt = Instant.MIN;
    private @Nullable Word waiting;
  }

  private record Word(ThreadId thread, ProgressFrame progress) {}

  private record Task(String id) {}

  private enum Kind {
    THINKING
  }

  ProgressPublisher(DerivedIds derivedIds, LiveFrameBus liveFrameBus, Clock clock) {
    this.derivedIds = derivedIds;
    this.liveFrameBus = liveFrameBus;
    this.clock = clock;
  }

  /** What the CLI said by the way. */
  synchronized void pass(ClaudeMessage.Transient said, Optional<RunId> during) {
    bindRun(during);
    switch (said) {
      case ClaudeMessage.Status it -> status(it);
      case ClaudeMessage.Notification it ->
          show(it, derivedIds.own(), ProgressFrame.ofNotice(it.level(), cut(it.text())));
      case ClaudeMessage.ThinkingTokens it ->
          show(Kind.THINKING, derivedIds.own(), ProgressFrame.ofThinking(it.estimatedTokens()));
      case ClaudeMessage.TaskProgressed taskProgressed ->
          show(
              new Task(taskProgressed.taskId()),
              derivedIds.thread(taskProgressed.toolUseId()),
              progress(taskProgressed));
    }
  }

  private ProgressFrame progress(ClaudeMessage.TaskProgressed taskProgressed) {
    return new ProgressFrame(
        "task",
        null,
        taskProgressed.toolUseId().map(derivedIds::call).orElse(null),
        taskProgressed.taskId(),
        taskProgressed.tool().orElse(null),
        taskProgressed.elapsed().toMillis(),
        taskProgressed.tokens(),
        taskProgressed.calls(),
        null,
        cut(taskProgressed.doing()));
  }

  /** What it says of states is little, and each of them counts. */
  private void status(ClaudeMessage.Status it) {
    it.state().ifPresent(state -> send(ProgressFrame.ofState(state, null)));
    it.compacting()
        .ifPresent(
            end ->
                send(
                    ProgressFrame.ofState(
                        end.equals("success") ? "compacted" : "not_compacted",
                        it.compactError().map(ProgressPublisher::cut).orElse(null))));
    it.mode()
        .ifPresent(
            mode -> send(ProgressFrame.ofState(mode.equals("plan") ? "planning" : "acting", null)));
  }

  /** A call that has been at work for so long. */
  public synchronized void atWork(ToolCallId call, ThreadId thread, String tool, Duration elapsed) {
    if (elapsed.compareTo(PACE) >= 0) {
      show(call, thread, ProgressFrame.ofTool(call, tool, elapsed.toMillis()));
    }
  }

  /** Now and then: what waits may have its turn. */
  public synchronized void refresh(Optional<RunId> during) {
    bindRun(during);
    Instant now = clock.instant();
    for (Thing thing : things.values()) {
      Word word = thing.waiting;
      if (word != null && isDue(thing, now)) {
        send(thing, word, now);
      }
    }
  }

  private void bindRun(Optional<RunId> during) {
    if (!during.equals(run)) {
      run = during;
      things.clear();
    }
  }

  private void show(Object key, ThreadId thread, ProgressFrame progress) {
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

  private void send(ProgressFrame progress) {
    send(derivedIds.own(), progress);
  }

  private void send(ThreadId thread, ProgressFrame progress) {
    liveFrameBus.send(
        StreamItem.frame(
            derivedIds.session(), run.orElse(null), thread, clock.instant(), progress));
  }

  private static String cut(String text) {
    return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX);
  }
}
