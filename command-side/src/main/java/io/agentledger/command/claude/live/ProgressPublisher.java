package io.agentledger.command.claude.live;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.stream.ProgressBody;
import io.agentledger.api.session.stream.TransientEventBus;
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
 * Publishes progress that is not recorded. For each subject at most one item is published per
 * second; of the items in between the newest is published later. Thread-safe.
 */
public final class ProgressPublisher {
  private static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
  private static final int SUBJECTS_MAX = 1000;
  private static final int TEXT_LENGTH_MAX = 2000;

  private final DerivedIds derivedIds;
  private final TransientEventBus transientEventBus;
  private final Clock clock;
  private final Map<Object, ThrottledSubject> subjects = new HashMap<>();
  private Optional<RunId> run = Optional.empty();

  /** Time of the latest item of one subject, and the item that waits. */
  private static final class ThrottledSubject {
    private Instant shownAt = Instant.MIN;
    private @Nullable ProgressUpdate pending;
  }

  private record ProgressUpdate(ThreadId thread, ProgressBody progress) {}

  private record Task(String id) {}

  private enum Kind {
    THINKING
  }

  ProgressPublisher(DerivedIds derivedIds, TransientEventBus transientEventBus, Clock clock) {
    this.derivedIds = derivedIds;
    this.transientEventBus = transientEventBus;
    this.clock = clock;
  }

  /** Publishes a transient message of the CLI. */
  synchronized void publish(ClaudeMessage.Transient message, Optional<RunId> runId) {
    bindRun(runId);
    switch (message) {
      case ClaudeMessage.Status status -> publishStatus(status);
      case ClaudeMessage.Notification notification ->
          publishThrottled(
              notification,
              derivedIds.mainThread(),
              ProgressBody.ofNotice(notification.level(), truncate(notification.text())));
      case ClaudeMessage.ThinkingTokens thinkingTokens ->
          publishThrottled(
              Kind.THINKING,
              derivedIds.mainThread(),
              ProgressBody.ofThinking(thinkingTokens.estimatedTokens()));
      case ClaudeMessage.TaskProgressed taskProgressed ->
          publishThrottled(
              new Task(taskProgressed.taskId()),
              derivedIds.threadId(taskProgressed.toolUseId()),
              toProgressBody(taskProgressed));
    }
  }

  private ProgressBody toProgressBody(ClaudeMessage.TaskProgressed taskProgressed) {
    return new ProgressBody(
        "task",
        null,
        taskProgressed.toolUseId().map(derivedIds::toolCallId).orElse(null),
        taskProgressed.taskId(),
        taskProgressed.tool().orElse(null),
        taskProgressed.elapsed().toMillis(),
        taskProgressed.tokens(),
        taskProgressed.calls(),
        null,
        truncate(taskProgressed.activity()));
  }

  /** Publishes a status without throttling: statuses are rare, and each one matters. */
  private void publishStatus(ClaudeMessage.Status status) {
    status.state().ifPresent(state -> send(ProgressBody.ofStatus(state, null)));
    status
        .compacting()
        .ifPresent(
            end ->
                send(
                    ProgressBody.ofStatus(
                        end.equals("success") ? "compacted" : "not_compacted",
                        status.compactError().map(ProgressPublisher::truncate).orElse(null))));
    status
        .mode()
        .ifPresent(
            mode -> send(ProgressBody.ofStatus(mode.equals("plan") ? "planning" : "acting", null)));
  }

  /** Publishes how long a tool call has been running. */
  public synchronized void publishToolProgress(
      ToolCallId call, ThreadId thread, String tool, Duration elapsed) {
    if (elapsed.compareTo(INTERVAL_MIN) >= 0) {
      publishThrottled(call, thread, ProgressBody.ofTool(call, tool, elapsed.toMillis()));
    }
  }

  /** Publishes waiting items that are due; called regularly. */
  public synchronized void publishDue(Optional<RunId> runId) {
    bindRun(runId);
    Instant now = clock.instant();
    for (ThrottledSubject subject : subjects.values()) {
      ProgressUpdate update = subject.pending;
      if (update != null && isDue(subject, now)) {
        send(subject, update, now);
      }
    }
  }

  private void bindRun(Optional<RunId> runId) {
    if (!runId.equals(run)) {
      run = runId;
      subjects.clear();
    }
  }

  private void publishThrottled(Object key, ThreadId thread, ProgressBody progress) {
    if (subjects.size() >= SUBJECTS_MAX && !subjects.containsKey(key)) {
      return;
    }
    ThrottledSubject subject = subjects.computeIfAbsent(key, any -> new ThrottledSubject());
    ProgressUpdate update = new ProgressUpdate(thread, progress);
    Instant now = clock.instant();
    if (isDue(subject, now)) {
      send(subject, update, now);
    } else {
      subject.pending = update;
    }
  }

  private static boolean isDue(ThrottledSubject subject, Instant now) {
    return !now.isBefore(subject.shownAt.plus(INTERVAL_MIN));
  }

  private void send(ThrottledSubject subject, ProgressUpdate update, Instant now) {
    subject.shownAt = now;
    subject.pending = null;
    send(update.thread(), update.progress());
  }

  private void send(ProgressBody progress) {
    send(derivedIds.mainThread(), progress);
  }

  private void send(ThreadId thread, ProgressBody progress) {
    transientEventBus.publish(
        derivedIds.transientEvent(run.orElse(null), thread, clock.instant(), progress));
  }

  private static String truncate(String text) {
    return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX);
  }
}
