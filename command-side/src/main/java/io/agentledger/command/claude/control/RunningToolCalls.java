package io.agentledger.command.claude.control;

import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.claude.live.ProgressPublisher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Tool calls that were allowed and have not returned. Confined to one thread. */
public final class RunningToolCalls {
  private final Clock clock;
  private final Consumer<ToolCallId> onEnded;
  private final Map<String, RunningCall> calls = new HashMap<>();

  private record RunningCall(Call call, JsonNode input, Instant startedAt) {}

  /** Tool call with its thread and tool. */
  record Call(ToolCallId id, ThreadId thread, String tool) {}

  /**
   * @param onEnded called for each call that has ended
   */
  public RunningToolCalls(Clock clock, Consumer<ToolCallId> onEnded) {
    this.clock = clock;
    this.onEnded = onEnded;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /**
   * @param toolUseId the CLI's id of the call
   * @param input input that was allowed
   */
  void start(String toolUseId, Call call, JsonNode input) {
    calls.put(toolUseId, new RunningCall(call, input, clock.instant()));
  }

  public void end(String toolUseId) {
    RunningCall ended = calls.remove(toolUseId);
    if (ended != null) {
      onEnded.accept(ended.call().id());
    }
  }

  void clear() {
    calls.values().forEach(ended -> onEnded.accept(ended.call().id()));
    calls.clear();
  }

  /**
   * Returns whether the call was allowed with exactly this input. Returns true for a call that is
   * unknown after a restart.
   */
  public boolean isAllowedInput(String toolUseId, JsonNode input) {
    RunningCall call = calls.get(toolUseId);
    return call == null || call.input().equals(RunningToolCalls::compare, input);
  }

  /** Compares numbers by value, because the CLI changes their notation: 1.0 equals 1. */
  private static int compare(JsonNode node, JsonNode other) {
    if (node.isNumber() && other.isNumber()) {
      return node.decimalValue().compareTo(other.decimalValue());
    }
    return node.equals(other) ? 0 : 1;
  }

  public void publishProgress(ProgressPublisher progressPublisher) {
    Instant now = clock.instant();
    calls
        .values()
        .forEach(
            call ->
                progressPublisher.publishToolProgress(
                    call.call().id(),
                    call.call().thread(),
                    call.call().tool(),
                    Duration.between(call.startedAt(), now)));
  }
}
