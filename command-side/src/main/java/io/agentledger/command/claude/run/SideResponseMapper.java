package io.agentledger.command.claude.run;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.command.ProcessReport;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.store.support.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Maps the CLI's responses to side requests to outputs. */
final class SideResponseMapper {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  /** Beginning of the text that the CLI generates when the model API failed. */
  private static final String API_ERROR = "API Error";

  /** Fields that only describe the display in a terminal. */
  private static final Set<String> DISPLAY_FIELDS = Set.of("gridRows", "color");

  private SideResponseMapper() {}

  /** Maps the response to a question; a text that the CLI generated itself is not an answer. */
  static ProcessReport answer(SideRequestId sideRequestId, JsonNode reply) {
    String text = ClaudeParser.text(reply, "response");
    boolean none = text.isBlank() || text.startsWith(API_ERROR);
    return none || reply.path("synthetic").asBoolean(false)
        ? new ProcessReport.Failure(sideRequestId, FailureReason.MODEL, text)
        : new ProcessReport.Answer(sideRequestId, text);
  }

  static ProcessReport title(SideRequestId sideRequestId, JsonNode reply) {
    String title = ClaudeParser.text(reply, "title").strip();
    if (title.isEmpty()) {
      return new ProcessReport.Failure(
          sideRequestId, FailureReason.MODEL, "The model generated no title.");
    }
    int end = Math.min(title.length(), SessionSpec.TITLE_LENGTH_MAX);
    boolean split = Character.isHighSurrogate(title.charAt(end - 1));
    return new ProcessReport.Title(sideRequestId, title.substring(0, split ? end - 1 : end));
  }

  static ProcessReport contextUsage(SideRequestId sideRequestId, JsonNode reply) {
    ObjectNode breakdown = JSON.createObjectNode();
    reply.forEachEntry(
        (name, value) -> {
          if (value.isContainer() && !DISPLAY_FIELDS.contains(name)) {
            breakdown.set(snakeCase(name), withSnakeCaseKeys(value));
          }
        });
    reply
        .path("autoCompactThreshold")
        .asLongOpt()
        .ifPresent(tokens -> breakdown.put("auto_compact_threshold", tokens));
    return new ProcessReport.ContextUsage(
        sideRequestId,
        ClaudeParser.text(reply, "model"),
        reply.path("totalTokens").asLong(0),
        reply.path("maxTokens").asLong(0),
        new Json(JSON.writeValueAsString(breakdown)));
  }

  private static JsonNode withSnakeCaseKeys(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JSON.createObjectNode();
      object.forEachEntry(
          (name, value) -> {
            if (!DISPLAY_FIELDS.contains(name)) {
              copy.set(snakeCase(name), withSnakeCaseKeys(value));
            }
          });
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(value -> copy.add(withSnakeCaseKeys(value)));
      return copy;
    }
    return node;
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  /** Returns the capabilities in a response to initialize, without the account. */
  static ObjectNode capabilitiesJson(JsonNode reply, CommandNames commandNames) {
    ObjectNode capabilities = JSON.createObjectNode();
    capabilities.set("commands", commands(reply.path("commands"), commandNames));
    ArrayNode agents = capabilities.putArray("agents");
    for (JsonNode agent : reply.path("agents")) {
      ObjectNode node = agents.addObject();
      copy(agent, node, "name", "name");
      copy(agent, node, "description", "description");
      ClaudeParser.optional(agent, "model").ifPresent(model -> node.put("model", model));
    }
    ArrayNode models = capabilities.putArray("models");
    for (JsonNode model : reply.path("models")) {
      copyModel(model, models.addObject());
    }
    copy(reply, capabilities, "output_style", "output_style");
    capabilities.set("output_styles", strings(reply.path("available_output_styles")));
    return capabilities;
  }

  private static void copyModel(JsonNode model, ObjectNode target) {
    copy(model, target, "value", "value");
    ClaudeParser.optional(model, "resolvedModel").ifPresent(id -> target.put("resolved_model", id));
    copy(model, target, "displayName", "display_name");
    copy(model, target, "description", "description");
    target.set("effort_levels", strings(model.path("supportedEffortLevels")));
    target.put("adaptive_thinking", model.path("supportsAdaptiveThinking").asBoolean(false));
  }

  static ArrayNode commands(JsonNode commands, CommandNames commandNames) {
    ArrayNode list = JSON.createArrayNode();
    for (JsonNode command : commands) {
      ObjectNode node = list.addObject();
      String description = ClaudeParser.text(command, "description");
      String name = commandNames.fullName(ClaudeParser.text(command, "name"), description);
      node.put("name", name);
      node.put("description", description);
      copy(command, node, "argumentHint", "argument_hint");
      ArrayNode aliases = node.putArray("aliases");
      strings(command.path("aliases"))
          .valueStream()
          .filter(alias -> commandNames.findRefusal(alias.asString()).isEmpty())
          .forEach(aliases::add);
      Optional<String> refusal = commandNames.findRefusal(name);
      node.put("invocable", refusal.isEmpty());
      refusal.ifPresent(reason -> node.put("reason", reason));
    }
    return list;
  }

  private static void copy(JsonNode from, ObjectNode target, String name, String wireName) {
    target.put(wireName, ClaudeParser.text(from, name));
  }

  private static ArrayNode strings(JsonNode array) {
    ArrayNode strings = JSON.createArrayNode();
    array.forEach(node -> strings.add(node.asString("")));
    return strings;
  }

  static ProcessReport.Capabilities capabilities(ProcessId process, JsonNode capabilities) {
    String text = JSON.writeValueAsString(capabilities);
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
