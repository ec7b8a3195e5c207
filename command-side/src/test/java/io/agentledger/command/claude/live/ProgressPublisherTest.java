package io.agentledger.command.claude.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.stream.ProgressBody;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.command.claude.protocol.ClaudeMessage.Notification;
import io.agentledger.command.claude.protocol.ClaudeMessage.Status;
import io.agentledger.command.claude.protocol.ClaudeMessage.TaskProgressed;
import io.agentledger.command.claude.protocol.ClaudeMessage.ThinkingTokens;
import io.agentledger.command.claude.record.DerivedIds;
import io.agentledger.command.session.InMemoryTransientEventBus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of many messages few are published, and the newest one at last. */
class ProgressPublisherTest {
  private static final Optional<RunId> RUN = Optional.of(RunId.next());

  private final SessionId session = SessionId.next();
  private final ThreadId own = ThreadId.next();
  private final List<StreamItem> frames = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-20T10:00:00Z");
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final InMemoryTransientEventBus inMemoryTransientEventBus =
      new InMemoryTransientEventBus(clock);
  private final ProgressPublisher progressPublisher =
      new ProgressPublisher(new DerivedIds(session, own), inMemoryTransientEventBus, clock);

  @BeforeEach
  void watch() {
    inMemoryTransientEventBus.subscribe(session, null, frames::add);
  }

  private List<ProgressBody> shown() {
    return frames.stream().map(frame -> (ProgressBody) frame.body()).toList();
  }

  private void later(long millis) {
    now = now.plusMillis(millis);
    progressPublisher.publishDue(RUN);
  }

  @Test
  void thinkingProgressIsThrottledToOnePerSecondAndEndsWithTheLatest() {
    for (int tokens = 1; tokens <= 1000; tokens++)
      progressPublisher.publish(new ThinkingTokens(tokens), RUN);
    assertThat(shown()).extracting(ProgressBody::tokens).containsExactly(1L);
    later(999);
    assertThat(shown()).hasSize(1);
    later(1);
    assertThat(shown()).extracting(ProgressBody::tokens).containsExactly(1L, 1000L);
    later(5000);
    assertThat(shown()).hasSize(2);
  }

  @Test
  void pendingProgressIsDroppedWhenItsRunEnds() {
    progressPublisher.publish(new ThinkingTokens(1), RUN);
    progressPublisher.publish(new ThinkingTokens(2), RUN);
    now = now.plusSeconds(2);
    progressPublisher.publishDue(Optional.empty());
    progressPublisher.publishDue(Optional.of(RunId.next()));
    assertThat(shown()).extracting(ProgressBody::tokens).containsExactly(1L);
  }

  @Test
  void everyTaskAndToolCallIsThrottledSeparately() {
    for (int times = 0; times < 3; times++) {
      progressPublisher.publish(task("one"), RUN);
      progressPublisher.publish(task("two"), RUN);
    }
    assertThat(shown()).extracting(ProgressBody::taskId).containsExactly("one", "two");
  }

  private static TaskProgressed task(String id) {
    return new TaskProgressed(
        id,
        Optional.of("toolu_1"),
        Optional.of("Looks"),
        "",
        Optional.of("Read"),
        Duration.ofSeconds(3),
        7,
        2);
  }

  @Test
  void numberOfThrottledKeysIsBounded() {
    for (int i = 0; i < 5000; i++)
      progressPublisher.publish(new Notification("info", "notice " + i), RUN);
    assertThat(frames).hasSize(1000);
  }

  @Test
  void toolCallProgressStartsAfterADelayOncePerSecond() {
    ToolCallId call = ToolCallId.next();
    for (int half = 0; half <= 8; half++) {
      progressPublisher.publishToolProgress(call, own, "Bash", Duration.ofMillis(half * 500));
      later(500);
    }
    assertThat(shown()).extracting(ProgressBody::elapsedMs).startsWith(1000L).isSorted();
    assertThat(frames).hasSizeLessThanOrEqualTo(4).allMatch(it -> own.equals(it.threadId()));
  }

  @Test
  void statusesArePublishedImmediatelyUnderOurNames() {
    progressPublisher.publish(status("requesting", null, null, null), RUN);
    progressPublisher.publish(status("compacting", null, null, null), RUN);
    progressPublisher.publish(status(null, "failed", "too little", null), RUN);
    progressPublisher.publish(status("compacting", null, null, null), RUN);
    progressPublisher.publish(status(null, "success", null, null), RUN);
    progressPublisher.publish(status(null, null, null, "plan"), RUN);
    progressPublisher.publish(status(null, null, null, "default"), RUN);
    progressPublisher.publish(status(null, null, null, null), RUN);
    assertThat(shown())
        .extracting(ProgressBody::status)
        .containsExactly(
            "requesting",
            "compacting",
            "not_compacted",
            "compacting",
            "compacted",
            "planning",
            "acting");
    assertThat(shown().get(2).text()).isEqualTo("too little");
  }

  private static Status status(String state, String compacting, String error, String mode) {
    return new Status(
        Optional.ofNullable(state),
        Optional.ofNullable(compacting),
        Optional.ofNullable(error),
        Optional.ofNullable(mode));
  }

  @Test
  void truncatesOverlongTexts() {
    progressPublisher.publish(new Notification("warning", "x".repeat(100_000)), RUN);
    assertThat(shown().getFirst().text()).hasSize(2000);
  }
}
