package io.agentledger.gateway.support.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import java.time.Duration;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.annotation.JsonTypeIdResolver;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.module.SimpleModule;

/** How the types of {@code api} look in JSON, for {@code api} itself knows nothing of it. */
final class WireTypesModule {
  private WireTypesModule() {}

  static SimpleModule module() {
    return new SimpleModule("agentledger")
        .addSerializer(Id.class, text(Id::value))
        .addSerializer(Money.class, text(Money::usd))
        .addSerializer(Enum.class, text(WireNames::of))
        .addSerializer(Json.class, new RawJson())
        .addSerializer(StreamItem.class, new StreamItemSerializer())
        .addDeserializer(Money.class, textReader(Money.class, Money::ofUsd))
        .addDeserializer(Json.class, new JsonReader())
        .setDeserializerModifier(new EnumsAndIds());
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = Discriminated.PROPERTY)
  @JsonTypeIdResolver(StableTypeIdResolver.class)
  interface DiscriminatedMixin {}

  /** What is not there is not said. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  interface SparseMixin {}

  /** The unit stands in the name, as in requests; what is not there is not said. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  interface RunOptionsMixin {
    @JsonProperty("timeout_seconds")
    @JsonSerialize(using = Seconds.class)
    Duration timeout();
  }

  /** So here: what a client reads it can write. */
  interface PolicyRuleMixin {
    @JsonProperty("patience_seconds")
    @JsonSerialize(using = Seconds.class)
    Duration patience();
  }

  private static <T> ValueSerializer<T> text(Function<T, String> text) {
    return new ValueSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator json, SerializationContext context) {
        json.writeString(text.apply(value));
      }
    };
  }

  static <T> ValueDeserializer<T> textReader(Class<?> type, Function<String, T> read) {
    return new ValueDeserializer<>() {
      @Override
      public T deserialize(JsonParser json, DeserializationContext context) {
        if (json.currentToken() != JsonToken.VALUE_STRING)
          return context.reportInputMismatch(type, "must be a string");
        try {
          return read.apply(json.getString());
        } catch (IllegalArgumentException | ArithmeticException refused) {
          var why = refused instanceof NumberFormatException ? "must be a decimal number" : null;
          return context.reportInputMismatch(
              type, "%s", why == null ? String.valueOf(refused.getMessage()) : why);
        }
      }
    };
  }

  /** Whole or decimal seconds. */
  static final class Seconds extends ValueSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator json, SerializationContext context) {
      if (value.getNano() == 0) json.writeNumber(value.toSeconds());
      else json.writeNumber(java.math.BigDecimal.valueOf(value.toMillis(), 3).stripTrailingZeros());
    }
  }

  private static final class RawJson extends ValueSerializer<Json> {
    @Override
    public void serialize(Json value, JsonGenerator json, SerializationContext context) {
      json.writeRawValue(value.text());
    }
  }

  private static final class JsonReader extends ValueDeserializer<Json> {
    @Override
    public Json deserialize(JsonParser json, DeserializationContext context) {
      var tree = context.readTree(json);
      var violation = WireTextModule.violation(tree, "");
      return violation == null
          ? new Json(tree.toString())
          : context.reportInputMismatch(Json.class, "must be JSON, but: %s", violation.detail());
    }
  }

  /** Finds the reader of a type by what it is, not one by one. */
  private static final class EnumsAndIds extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public ValueDeserializer<?> modifyEnumDeserializer(
        DeserializationConfig config,
        JavaType type,
        BeanDescription.Supplier bean,
        ValueDeserializer<?> standard) {
      var constants = (Enum<?>[]) type.getRawClass().getEnumConstants();
      return textReader(type.getRawClass(), name -> WireNames.find(constants, name));
    }

    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config,
        BeanDescription.Supplier bean,
        ValueDeserializer<?> standard) {
      var type = bean.getBeanClass();
      if (!Id.class.isAssignableFrom(type)) return standard;
      return textReader(type, value -> newId(type, value));
    }

    private static Object newId(Class<?> type, String value) {
      try {
        return type.getConstructor(String.class).newInstance(value);
      } catch (java.lang.reflect.InvocationTargetException refused) {
        throw new IllegalArgumentException(
            String.valueOf(refused.getTargetException().getMessage()), refused);
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }
}
