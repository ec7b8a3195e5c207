package io.agentledger.command.claude.control;

import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.claude.live.ProgressPublisher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The tool calls that were allowed and have not come back. One thread's own. */
public final class RunningToolCalls {
  private final Clock clock;
  private final Map<String, Work> works = new HashMap<>();

  private record Work(Call call, JsonNode input, Instant since) {}

  /** Which call it is. */
  record Call(ToolCallId id, ThreadId thread, String tool) {}

  public RunningToolCalls(Clock clock) {
    this.clock = clock;
  }

  boolean isEmpty() {
    return works.isEmpty();
  }

  /**
   * @param toolUseId the CLI's name of it
   * @param input that it was allowed with
   */
  void start(String toolUseId, Call call, JsonNode input) {
    works.put(toolUseId, new Work(call, input, clock.instant()));
  }

  public void end(String toolUseId) {
    works.remove(toolUseId);
  }

  void clear() {
    works.clear();
  }

  /** Whether the call was allowed with just this input; an heir has not seen which it was. */
  public boolean isGranted(String toolUseId, JsonNode input) {
    Work work = works.get(toolUseId);
    return work == null || work.input().equals(RunningToolCalls::compare, input);
  }

  /** The CLI writes numbers in its own way: 1.0 is 1. */
  private static int compare(JsonNode node, JsonNode other) {
    if (node.isNumber() && other.isNumber()) {
      return node.decimalValue().compareTo(other.decimalValue());
    }
    return node.equals(other) ? 0 : 1;
  }

  public void show(ProgressPublisher progressPublisher) {
    Instant now = clock.instant();
    works
        .values()
        .forEach(
            work ->
                progressPublisher.atWork(
                    work.call().id(),
                    work.call().thread(),
                    work.call().tool(),
                    Duration.between(work.since(), now)));
  }
}
