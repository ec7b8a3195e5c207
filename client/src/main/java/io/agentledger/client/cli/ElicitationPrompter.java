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
 * Has a person fill in what an MCP server wants to know, field by field. Whether it is what the
 * server wants is the service's to say.
 */
final class ElicitationPrompter {
  private final Function<String, Optional<String>> typed;
  private final ConsoleOutput consoleOutput;

  /**
   * What the person said.
   *
   * @param content null but of an accepted form
   */
  record FormResult(Answer answer, @Nullable Json content) {
    static final FormResult DECLINED = new FormResult(Answer.DECLINE, null);
  }

  /**
   * @param typed what is typed behind a hint; empty if nobody is asked any more
   */
  ElicitationPrompter(Function<String, Optional<String>> typed, ConsoleOutput consoleOutput) {
    this.typed = typed;
    this.consoleOutput = consoleOutput;
  }

  /** Empty when it is asked no more. */
  Optional<FormResult> fill(StreamItem.Elicitation asked) {
    var word = typed.apply("  answer? [y]es [n]o: ");
    if (word.isEmpty()) return Optional.empty();
    if (!word.get().strip().toLowerCase(Locale.ROOT).startsWith("y"))
      return Optional.of(FormResult.DECLINED);
    if (asked.mode() == Mode.URL) return Optional.of(new FormResult(Answer.ACCEPT, null));
    return fields(ClientJson.MAPPER.readTree(asked.ask() == null ? "{}" : asked.ask().text()))
        .map(content -> new FormResult(Answer.ACCEPT, new Json(content.toString())));
  }

  private Optional<ObjectNode> fields(JsonNode ask) {
    var content = ClientJson.MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> field : ask.at("/requested_schema/properties").properties()) {
      var typedIn = typed.apply("  " + label(field.getKey(), field.getValue()) + ": ");
      if (typedIn.isEmpty()) return Optional.empty();
      var text = typedIn.get().strip();
      var value = text.isEmpty() ? field.getValue().path("default") : value(field.getValue(), text);
      if (!value.isMissingNode()) content.set(field.getKey(), value);
    }
    return Optional.of(content);
  }

  private String label(String name, JsonNode schema) {
    var words = new ArrayList<String>();
    words.add(schema.path("title").asString(name));
    var choices = schema.has("enum") ? schema.path("enum") : schema.at("/items/enum");
    if (choices.isArray()) words.add(choices.toString());
    if (schema.has("default")) words.add("(" + schema.path("default") + ")");
    var description = schema.path("description").asString("");
    if (!description.isEmpty())
      consoleOutput.line(TextStyle.DIM, "  " + TerminalSanitizer.line(description, 100));
    return TerminalSanitizer.line(String.join(" ", words), 120);
  }

  /** Numbers, truths and lists are typed as JSON; what is none stays text, and will be refused. */
  private static JsonNode value(JsonNode schema, String text) {
    var plain = ClientJson.MAPPER.getNodeFactory().stringNode(text);
    if (schema.path("type").asString("string").equals("string")) return plain;
    try {
      return ClientJson.MAPPER.readTree(text);
    } catch (JacksonException words) {
      return plain;
    }
  }
}
