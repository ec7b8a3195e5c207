package io.agentledger.command.model.rehearsal;

import io.agentledger.command.model.rehearsal.Scenario.Refusal;
import io.agentledger.command.model.rehearsal.ScriptedResponse.Block;
import io.agentledger.command.model.rehearsal.ScriptedResponse.ClaimedUsage;
import io.agentledger.store.support.UntrustedJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a scripted response in the format of the Messages API: as an event stream, or as one JSON
 * object.
 */
final class ResponseWriter {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final int TOOL_PIECE_CHARACTERS = 48;

  private final ScriptedResponse scriptedResponse;
  private final String messageId = ScenarioPlayer.newId("msg_rehearsal");
  private final List<TimedEvent> events = new ArrayList<>();

  /** An event and the pause before it; {@code piece} marks parts of a block's content. */
  @SuppressWarnings("ArrayRecordComponent") // Written once, sent once, never compared.
  private record TimedEvent(Duration pause, byte[] event, boolean content) {}

  ResponseWriter(ScriptedResponse scriptedResponse) {
    this.scriptedResponse = scriptedResponse;
  }

  /** Returns the response as one JSON object. */
  byte[] toJson() {
    ObjectNode message = message();
    ArrayNode content = message.putArray("content");
    scriptedResponse.blocks().forEach(block -> content.add(fullBlock(block)));
    message.put("stop_reason", scriptedResponse.stopReason());
    putStopDetails(message);
    message.set("usage", usage(scriptedResponse.usage().output()));
    return JSON.writeValueAsBytes(message);
  }

  /** Streams the response at its pace; breaks off at the truncation point. */
  Flux<ByteBuf> stream(@Nullable Truncation truncation) {
    write();
    Flux<ByteBuf> all = truncation == null ? emit(events) : truncate(truncation);
    return Flux.concat(Mono.delay(scriptedResponse.timing().first()).then(Mono.empty()), all);
  }

  /** Point at which a stream ends early. */
  record Truncation(int afterPieces, boolean byErrorEvent) {}

  private Flux<ByteBuf> truncate(Truncation truncation) {
    int pieces = 0;
    int end = 0;
    while (end < events.size() && pieces < truncation.afterPieces()) {
      if (events.get(end++).content()) pieces++;
    }
    List<TimedEvent> before = events.subList(0, Math.min(end, events.size() - 1));
    if (!truncation.byErrorEvent())
      return Flux.concat(emit(before), Flux.error(new StreamBrokenException()));
    ObjectNode error = JSON.createObjectNode();
    error.putObject("error").put("type", "overloaded_error").put("message", "Overloaded");
    return Flux.concat(emit(before), emit(List.of(immediateEvent("error", error))));
  }

  private static Flux<ByteBuf> emit(List<TimedEvent> events) {
    return Flux.fromIterable(events)
        .concatMap(
            timedEvent ->
                timedEvent.pause().isZero()
                    ? Mono.just(timedEvent)
                    : Mono.delay(timedEvent.pause()).thenReturn(timedEvent),
            1) // A cancellation may discard the last item although it was emitted.
        .map(timedEvent -> Unpooled.wrappedBuffer(timedEvent.event()));
  }

  private void write() {
    ObjectNode started = message();
    started.putArray("content");
    started.putNull("stop_reason");
    started.set("usage", usage(1));
    add("message_start", JSON.createObjectNode().set("message", started));
    add("ping", JSON.createObjectNode());
    for (int index = 0; index < scriptedResponse.blocks().size(); index++)
      addBlock(index, scriptedResponse.blocks().get(index));
    ObjectNode end = JSON.createObjectNode();
    putStopDetails(
        end.putObject("delta")
            .put("stop_reason", scriptedResponse.stopReason())
            .putNull("stop_sequence"));
    end.set("usage", usage(scriptedResponse.usage().output()));
    add("message_delta", end);
    add("message_stop", JSON.createObjectNode());
  }

  private void putStopDetails(ObjectNode stopped) {
    Refusal refusal = scriptedResponse.refusal();
    if (refusal != null) {
      stopped
          .putObject("stop_details")
          .put("type", ScriptedResponse.REFUSED)
          .put("category", refusal.category())
          .put("explanation", refusal.explanation());
    }
  }

  private void addBlock(int index, Block block) {
    add("content_block_start", withIndex(index).set("content_block", emptyBlock(block)));
    switch (block) {
      case Block.Thinking thinking -> {
        pieces(thinking.text(), scriptedResponse.timing().size())
            .forEach(piece -> addPiece(index, Map.of("type", "thinking_delta", "thinking", piece)));
        add(
            "content_block_delta",
            delta(index, Map.of("type", "signature_delta", "signature", signature(thinking))));
      }
      case Block.Text text ->
          pieces(text.text(), scriptedResponse.timing().size())
              .forEach(piece -> addPiece(index, Map.of("type", "text_delta", "text", piece)));
      case Block.ToolUse tool -> {
        addPiece(index, Map.of("type", "input_json_delta", "partial_json", ""));
        pieces(tool.input().toString(), TOOL_PIECE_CHARACTERS)
            .forEach(
                piece ->
                    addPiece(index, Map.of("type", "input_json_delta", "partial_json", piece)));
      }
      case Block.ServerToolUse tool ->
          addPiece(
              index, Map.of("type", "input_json_delta", "partial_json", tool.input().toString()));
      case Block.SearchResults results -> {} // The API sends them in the first event.
    }
    add("content_block_stop", withIndex(index));
  }

  private void addPiece(int index, Map<String, String> delta) {
    events.add(
        new TimedEvent(
            scriptedResponse.timing().pause(),
            bytes("content_block_delta", delta(index, delta)),
            true));
  }

  private void add(String type, ObjectNode event) {
    events.add(immediateEvent(type, event));
  }

  private static TimedEvent immediateEvent(String type, ObjectNode event) {
    return new TimedEvent(Duration.ZERO, bytes(type, event), false);
  }

  private static byte[] bytes(String type, ObjectNode event) {
    ObjectNode typed = JSON.createObjectNode().put("type", type);
    typed.setAll(event);
    return ("event: " + type + "\ndata: " + typed + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode withIndex(int index) {
    return JSON.createObjectNode().put("index", index);
  }

  private static ObjectNode delta(int index, Map<String, String> delta) {
    return withIndex(index).set("delta", JSON.valueToTree(delta));
  }

  private ObjectNode message() {
    return JSON.createObjectNode()
        .put("id", messageId)
        .put("type", "message")
        .put("role", "assistant")
        .put("model", scriptedResponse.model())
        .putNull("stop_sequence");
  }

  private ObjectNode usage(long outputTokens) {
    ClaimedUsage claimedUsage = scriptedResponse.usage();
    ObjectNode usage = JSON.createObjectNode();
    usage.put("input_tokens", claimedUsage.input());
    usage.put("cache_creation_input_tokens", claimedUsage.cacheWrite());
    usage.put("cache_read_input_tokens", claimedUsage.cacheRead());
    usage
        .putObject("cache_creation")
        .put("ephemeral_5m_input_tokens", claimedUsage.cacheWrite())
        .put("ephemeral_1h_input_tokens", 0);
    if (claimedUsage.searchCount() > 0)
      usage.putObject("server_tool_use").put("web_search_requests", claimedUsage.searchCount());
    return usage.put("output_tokens", outputTokens).put("service_tier", "standard");
  }

  private static ObjectNode emptyBlock(Block block) {
    ObjectNode node = JSON.createObjectNode();
    return switch (block) {
      case Block.Thinking thinking ->
          node.put("type", "thinking").put("thinking", "").put("signature", "");
      case Block.Text text -> node.put("type", "text").put("text", "");
      case Block.ToolUse tool -> {
        node.put("type", "tool_use")
            .put("id", tool.id())
            .put("name", tool.name())
            .putObject("input");
        yield node;
      }
      case Block.ServerToolUse tool -> {
        node.put("type", "server_tool_use")
            .put("id", tool.id())
            .put("name", tool.name())
            .putObject("input");
        yield node;
      }
      case Block.SearchResults results -> {
        node.put("type", "web_search_tool_result").put("tool_use_id", results.id());
        var content = node.putArray("content");
        for (var result : results.results())
          content
              .addObject()
              .put("type", "web_search_result")
              .put("title", result.title())
              .put("url", result.url())
              .put("encrypted_content", "cmVoZWFyc2Fs")
              .putNull("page_age");
        yield node;
      }
    };
  }

  private static ObjectNode fullBlock(Block block) {
    ObjectNode node = emptyBlock(block);
    return switch (block) {
      case Block.Thinking thinking ->
          node.put("thinking", thinking.text()).put("signature", signature(thinking));
      case Block.Text text -> node.put("text", text.text());
      case Block.ToolUse tool -> node.set("input", tool.input());
      case Block.ServerToolUse tool -> node.set("input", tool.input());
      case Block.SearchResults results -> node;
    };
  }

  /** Returns a placeholder signature, which the real API would reject. */
  private static String signature(Block.Thinking thinking) {
    String seed = "rehearsal:" + Integer.toHexString(thinking.text().hashCode());
    return Base64.getEncoder().encodeToString(seed.getBytes(StandardCharsets.UTF_8));
  }

  /** Splits text into pieces of about {@code size} characters, after a word if possible. */
  private static List<String> pieces(String text, int size) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + size);
      int space = to == text.length() ? -1 : text.lastIndexOf(' ', to);
      if (space > from) to = space + 1;
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) to++;
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** The scenario broke off the stream. */
  static final class StreamBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StreamBrokenException() {
      super("the stream breaks here", null, false, false);
    }
  }
}
