package io.agentledger.client.cli;

import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.client.support.ClientJson;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prompts the user for the fields of an MCP server's elicitation. The service validates the answer.
 */
final class ElicitationPrompter {
  private final Function<String, Optional<String>> lineReader;
  private final ConsoleOutput output;

  /**
   * Answer of the user.
   *
   * @param content null unless a form was accepted
   */
  record FormResult(Answer action, @Nullable Json content) {
    static final FormResult DECLINED = new FormResult(Answer.DECLINE, null);
  }

  /**
   * Creates a prompter.
   *
   * @param lineReader prompts with a hint and reads a line; empty if the elicitation was resolved
   */
  ElicitationPrompter(Function<String, Optional<String>> lineReader, ConsoleOutput output) {
    this.lineReader = lineReader;
    this.output = output;
  }

  /** Prompts for the fields of a form; empty if the elicitation was resolved meanwhile. */
  Optional<FormResult> promptForm(StreamItem.Elicitation request) {
    var reply = lineReader.apply("  answer? [y]es [n]o: ");
    if (reply.isEmpty()) return Optional.empty();
    if (!reply.get().strip().toLowerCase(Locale.ROOT).startsWith("y"))
      return Optional.of(FormResult.DECLINED);
    if (request.mode() == Mode.URL) return Optional.of(new FormResult(Answer.ACCEPT, null));
    return promptFields(
            ClientJson.MAPPER.readTree(request.request() == null ? "{}" : request.request().text()))
        .map(content -> new FormResult(Answer.ACCEPT, new Json(content.toString())));
  }

  private Optional<ObjectNode> promptFields(JsonNode request) {
    var content = ClientJson.MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> field :
        request.at("/requested_schema/properties").properties()) {
      var line = lineReader.apply("  " + describeField(field.getKey(), field.getValue()) + ": ");
      if (line.isEmpty()) return Optional.empty();
      var text = line.get().strip();
      var value =
          text.isEmpty() ? field.getValue().path("default") : parseValue(field.getValue(), text);
      if (!value.isMissingNode()) content.set(field.getKey(), value);
    }
    return Optional.of(content);
  }

  private String describeField(String name, JsonNode schema) {
    var labelParts = new ArrayList<String>();
    labelParts.add(schema.path("title").asString(name));
    var choices = schema.has("enum") ? schema.path("enum") : schema.at("/items/enum");
    if (choices.isArray()) labelParts.add(choices.toString());
    if (schema.has("default")) labelParts.add("(" + schema.path("default") + ")");
    var description = schema.path("description").asString("");
    if (!description.isEmpty())
      output.printLine(TextStyle.DIM, "  " + TerminalSanitizer.sanitizeLine(description, 100));
    return TerminalSanitizer.sanitizeLine(String.join(" ", labelParts), 120);
  }

  /**
   * Parses numbers, booleans and lists as JSON. Other input is sent as text, which the service
   * rejects.
   */
  private static JsonNode parseValue(JsonNode schema, String text) {
    var textNode = ClientJson.MAPPER.getNodeFactory().stringNode(text);
    if (schema.path("type").asString("string").equals("string")) return textNode;
    try {
      return ClientJson.MAPPER.readTree(text);
    } catch (JacksonException exception) {
      return textNode;
    }
  }
}
