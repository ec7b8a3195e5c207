package io.agentledger.gateway.template;

import com.fasterxml.jackson.annotation.JsonValue;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/** Value of a variable in a request: a text, or a JSON number or boolean, which is its text. */
@JsonDeserialize(using = VariableValue.Reader.class)
public record VariableValue(@JsonValue String text) {
  /** Rule of the JSON type. */
  public static final String RULE = "must be a string, a number, true or false";

  /**
   * Returns the texts of values by their names; empty for none.
   *
   * @throws InvalidRequestException if one is null
   */
  public static Map<String, String> toTexts(@Nullable Map<String, VariableValue> values) {
    var texts = new LinkedHashMap<String, String>();
    if (values != null)
      values.forEach(
          (name, value) -> {
            if (value == null) throw InvalidRequestException.body("/variables/" + name, RULE);
            texts.put(name, value.text());
          });
    return texts;
  }

  /** Returns the values of texts by their names; null for none. */
  public static @Nullable Map<String, VariableValue> ofTexts(@Nullable Map<String, String> texts) {
    return texts == null
        ? null
        : texts.entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, entry -> new VariableValue(entry.getValue())));
  }

  /** Reads a value in its own notation, such as 0.50. */
  static final class Reader extends ValueDeserializer<VariableValue> {
    @Override
    public VariableValue deserialize(JsonParser json, DeserializationContext context) {
      return switch (json.currentToken()) {
        case VALUE_STRING -> new VariableValue(context.readValue(json, String.class));
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
            new VariableValue(json.getString());
        default -> context.reportInputMismatch(VariableValue.class, RULE);
      };
    }
  }
}
