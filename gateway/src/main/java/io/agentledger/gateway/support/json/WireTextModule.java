package io.agentledger.gateway.support.json;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Rejects text that UTF-8 or PostgreSQL cannot represent: JSON can contain unpaired surrogates
 * ({@code \ud800}) and NUL. Applies to the whole body.
 */
final class WireTextModule {
  static final String RULE = "must be well-formed Unicode without NUL";

  private WireTextModule() {}

  static SimpleModule module() {
    return new SimpleModule("agentledger-text")
        .addDeserializer(String.class, new WellFormedStringDeserializer())
        .addKeyDeserializer(String.class, new WellFormedKeyDeserializer());
  }

  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == 0) return false;
      if (!Character.isSurrogate(character)) continue;
      if (i + 1 == text.length() || !Character.isSurrogatePair(character, text.charAt(i + 1)))
        return false;
      i++;
    }
    return true;
  }

  /**
   * Returns the first violation in a value, or null: in names, texts, and numbers that are not
   * finite.
   */
  static InvalidRequestException.@Nullable Violation violation(JsonNode node, String pointer) {
    if (node.isString()) return isWellFormed(node.stringValue()) ? null : violation(pointer, RULE);
    if (node.isFloatingPointNumber())
      return Double.isFinite(node.doubleValue())
          ? null
          : violation(pointer, "is too large a number");
    for (var field : node.properties()) {
      var violation =
          isWellFormed(field.getKey())
              ? violation(field.getValue(), pointer + "/" + field.getKey())
              : violation(pointer, RULE);
      if (violation != null) return violation;
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      var violation = violation(node.get(i), pointer + "/" + i);
      if (violation != null) return violation;
    }
    return null;
  }

  private static InvalidRequestException.Violation violation(String pointer, String rule) {
    return new InvalidRequestException.Violation(pointer, null, null, rule);
  }

  private static final class WellFormedStringDeserializer extends StdScalarDeserializer<String> {
    WellFormedStringDeserializer() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser json, DeserializationContext context) {
      var text = StringDeserializer.instance.deserialize(json, context);
      return text == null || isWellFormed(text)
          ? text
          : context.reportInputMismatch(String.class, "%s", RULE);
    }
  }

  private static final class WellFormedKeyDeserializer extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return isWellFormed(key) ? key : context.reportInputMismatch(String.class, "%s", RULE);
    }
  }
}
