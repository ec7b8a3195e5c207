package io.agentledger.command.model.rehearsal;

import io.agentledger.command.model.rehearsal.Scenario.Break;
import io.agentledger.command.model.rehearsal.Scenario.Refusal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A response of the rehearsal, with every placeholder filled. */
record ScriptedResponse(
    String model,
    List<Block> blocks,
    Timing timing,
    @Nullable Break breakAt,
    ClaimedUsage usage,
    String stopReason,
    @Nullable Refusal refusal) {
  /** Stop reason of a model that refuses to answer. */
  static final String REFUSED = "refusal";

  /** A content block. */
  sealed interface Block {
    record Thinking(String text) implements Block {}

    record Text(String text) implements Block {}

    record ToolUse(String id, String name, JsonNode input) implements Block {}

    /** A tool call that the model API executes itself. */
    record ServerToolUse(String id, String name, JsonNode input) implements Block {}

    /**
     * Results of a web search.
     *
     * @param id id of the {@link ServerToolUse}
     */
    record SearchResults(String id, List<SearchResult> results) implements Block {}

    /** One result of a web search. */
    record SearchResult(String title, String url) {}
  }

  /** Timing of a response: a first pause, then one before each piece. */
  record Timing(Duration first, Duration pause, int size) {}

  /** Token usage that a scripted response reports. */
  record ClaimedUsage(long input, long cacheRead, long cacheWrite, long output, long searchCount) {}
}
