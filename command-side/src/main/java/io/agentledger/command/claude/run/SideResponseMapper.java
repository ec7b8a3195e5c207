package io.agentledger.command.claude.run;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.command.ProcessReport;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.protocol.ClaudeParser;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the CLI's replies to questions aside say, in the words of the record. */
final class SideResponseMapper {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TITLE_LENGTH_MAX = 200;

  /** What the CLI says in the model's stead when the model's API failed. */
  private static final String API_ERROR = "API Error";

  /** How a terminal would draw it. */
  private static final Set<String> DRAWING = Set.of("gridRows", "color");

  private SideResponseMapper() {}

  /** Of a reply to a question; what the CLI made up itself is no answer. */
  static ProcessReport answer(SideRequestId sideRequestId, JsonNode reply) {
    String text = ClaudeParser.text(reply, "response");
    boolean none = text.isBlank() || text.startsWith(API_ERROR);
    return none || reply.path("synthetic").asBoolean(false)
        ? new ProcessReport.Nothing(sideRequestId, FailureReason.MODEL, text)
        : new ProcessReport.Answer(sideRequestId, text);
  }

  static ProcessReport title(SideRequestId sideRequestId, JsonNode reply) {
    String title = ClaudeParser.text(reply, "title").strip();
    if (title.isEmpty()) {
      return new ProcessReport.Nothing(
          sideRequestId, FailureReason.MODEL, "The model made up no title.");
    }
    int end = Math.min(title.length(), TITLE_LENGTH_MAX);
    boolean split = Character.isHighSurrogate(title.charAt(end - 1));
    return new ProcessReport.Title(sideRequestId, title.substring(0, split ? end - 1 : end));
  }

  static ProcessReport measure(SideRequestId sideRequestId, JsonNode reply) {
    ObjectNode breakdown = JSON.createObjectNode();
    reply.forEachEntry(
        (name, value) -> {
          if (value.isContainer() && !DRAWING.contains(name)) {
            breakdown.set(snake(name), renamed(value));
          }
        });
    reply
        .path("autoCompactThreshold")
        .asLongOpt()
        .ifPresent(tokens -> breakdown.put("auto_compact_threshold", tokens));
    return new ProcessReport.Measure(
        sideRequestId,
        ClaudeParser.text(reply, "model"),
        reply.path("totalTokens").asLong(0),
        reply.path("maxTokens").asLong(0),
        new Json(JSON.writeValueAsString(breakdown)));
  }

  private static JsonNode renamed(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JSON.createObjectNode();
      object.forEachEntry(
          (name, value) -> {
            if (!DRAWING.contains(name)) {
              copy.set(snake(name), renamed(value));
            }
          });
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(value -> copy.add(renamed(value)));
      return copy;
    }
    return node;
  }

  private static String snake(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  /** Of a reply to initialize: all but the account, of which there is none. */
  static ObjectNode offer(JsonNode reply) {
    ObjectNode offer = JSON.createObjectNode();
    offer.set("commands", commands(reply.path("commands")));
    ArrayNode agents = offer.putArray("agents");
    for (JsonNode agent : reply.path("agents")) {
      ObjectNode one = agents.addObject();
      copy(agent, one, "name", "name");
      copy(agent, one, "description", "description");
      ClaudeParser.optional(agent, "model").ifPresent(model -> one.put("model", model));
    }
    ArrayNode models = offer.putArray("models");
    for (JsonNode model : reply.path("models")) {
      model(model, models.addObject());
    }
    copy(reply, offer, "output_style", "output_style");
    offer.set("output_styles", strings(reply.path("available_output_styles")));
    return offer;
  }

  private static void model(JsonNode model, ObjectNode to) {
    copy(model, to, "value", "value");
    ClaudeParser.optional(model, "resolvedModel").ifPresent(id -> to.put("resolved_model", id));
    copy(model, to, "displayName", "display_name");
    copy(model, to, "description", "description");
    to.set("effort_levels", strings(model.path("supportedEffortLevels")));
    to.put("adaptive_thinking", model.path("supportsAdaptiveThinking").asBoolean(false));
  }

  static ArrayNode commands(JsonNode commands) {
    ArrayNode list = JSON.createArrayNode();
    for (JsonNode command : commands) {
      ObjectNode one = list.addObject();
      copy(command, one, "name", "name");
      copy(command, one, "description", "description");
      copy(command, one, "argumentHint", "argument_hint");
      one.set("aliases", strings(command.path("aliases")));
    }
    return list;
  }

  private static void copy(JsonNode from, ObjectNode to, String name, String wireName) {
    to.put(wireName, ClaudeParser.text(from, name));
  }

  private static ArrayNode strings(JsonNode array) {
    ArrayNode strings = JSON.createArrayNode();
    array.forEach(node -> strings.add(node.asString("")));
    return strings;
  }

  static ProcessReport.Capabilities capabilities(ProcessId process, JsonNode offer) {
    String text = JSON.writeValueAsString(offer);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new ProcessReport.Capabilities(
          process, HexFormat.of().formatHex(digest), new Json(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
