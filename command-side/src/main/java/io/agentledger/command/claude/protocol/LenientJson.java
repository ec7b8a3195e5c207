package io.agentledger.command.claude.protocol;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.agentledger.store.support.UntrustedJson;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads scalars leniently: one that is missing or has another type is empty, 0 or false. Durations
 * are in milliseconds.
 */
final class LenientJson {
  private LenientJson() {}

  static JsonMapper mapper(int stringLengthMax) {
    var constraints = StreamReadConstraints.builder().maxStringLength(stringLengthMax).build();
    return JsonMapper.builder(UntrustedJson.factory().streamReadConstraints(constraints).build())
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .changeDefaultNullHandling(
            _ -> JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY, Nulls.AS_EMPTY))
        .addModule(
            new SimpleModule()
                .addDeserializer(String.class, new Scalar<>(LenientJson::text))
                .addDeserializer(Optional.class, new Scalar<>(LenientJson::optionalText))
                .addDeserializer(boolean.class, new Scalar<>(node -> node.asBoolean(false)))
                .addDeserializer(int.class, new Scalar<>(node -> node.asInt(0)))
                .addDeserializer(long.class, new Scalar<>(node -> node.asLong(0)))
                .addDeserializer(OptionalInt.class, new Scalar<>(LenientJson::optionalInt))
                .addDeserializer(OptionalLong.class, new Scalar<>(LenientJson::optionalLong))
                .addDeserializer(
                    Duration.class,
                    new Scalar<>(node -> Duration.ofMillis((long) node.asDouble(0)))))
        .build();
  }

  static String text(JsonNode node) {
    return node.asString("");
  }

  static Optional<String> optionalText(JsonNode node) {
    return node.isValueNode()
        ? Optional.of(text(node)).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  private static OptionalInt optionalInt(JsonNode node) {
    return node.isNumber() ? OptionalInt.of(node.asInt(0)) : OptionalInt.empty();
  }

  private static OptionalLong optionalLong(JsonNode node) {
    return node.isNumber() ? OptionalLong.of(node.asLong(0)) : OptionalLong.empty();
  }

  private static final class Scalar<T> extends ValueDeserializer<T> {
    private final Function<JsonNode, T> reader;

    Scalar(Function<JsonNode, T> reader) {
      this.reader = reader;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
      return reader.apply(parser.readValueAsTree());
    }

    @Override
    public T getNullValue(DeserializationContext context) {
      return reader.apply(MissingNode.getInstance());
    }
  }
}
