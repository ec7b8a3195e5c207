package io.agentledger.gateway.support.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.annotation.JsonTypeIdResolver;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.util.NameTransformer;

/**
 * Jackson module that maps the types of {@code api} to JSON; {@code api} itself does not depend on
 * Jackson.
 */
final class WireTypesModule {
  /** Mixin annotations by the type of {@code api}. */
  static final Map<Class<?>, Class<?>> MIXINS =
      Map.of(
          Discriminated.class, DiscriminatedMixin.class,
          RunOptions.class, NonNullMixin.class,
          StreamItem.Body.class, NonNullMixin.class,
          RunTotals.class, RunTotalsMixin.class);

  private WireTypesModule() {}

  static SimpleModule module() {
    return new SimpleModule("agentledger")
        .addSerializer(Id.class, textSerializer(Id::value))
        .addSerializer(Money.class, textSerializer(Money::usd))
        .addSerializer(Enum.class, textSerializer(WireNames::nameOf))
        .addSerializer(Json.class, new RawJsonSerializer())
        .addSerializer(StreamItem.class, new StreamItemSerializer())
        .addDeserializer(
            Money.class, textReader(Money.class, Money::ofUsd, "must be a string such as \"0.50\""))
        .addDeserializer(Json.class, new RawJsonDeserializer())
        .addSerializer(Duration.class, new SecondsSerializer())
        .setSerializerModifier(new DurationUnits())
        .setDeserializerModifier(new EnumAndIdDeserializers());
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = Discriminated.PROPERTY)
  @JsonTypeIdResolver(StableTypeIdResolver.class)
  interface DiscriminatedMixin {}

  /** Omits fields that are null. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  interface NonNullMixin {}

  /** Writes a measured duration in milliseconds; configured durations are in seconds. */
  interface RunTotalsMixin {
    @JsonProperty("duration_ms")
    @JsonSerialize(using = MillisSerializer.class)
    Duration duration();
  }

  private static <T> ValueSerializer<T> textSerializer(Function<T, String> toText) {
    return new ValueSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator json, SerializationContext context) {
        json.writeString(toText.apply(value));
      }
    };
  }

  static <T> ValueDeserializer<T> textReader(Class<?> type, Function<String, T> parser) {
    return textReader(type, parser, "must be a string");
  }

  private static <T> ValueDeserializer<T> textReader(
      Class<?> type, Function<String, T> parser, String rule) {
    return new ValueDeserializer<>() {
      @Override
      public T deserialize(JsonParser json, DeserializationContext context) {
        if (json.currentToken() != JsonToken.VALUE_STRING)
          return context.reportInputMismatch(type, "%s", rule);
        try {
          return parser.apply(json.getString());
        } catch (IllegalArgumentException | ArithmeticException exception) {
          var reason =
              exception instanceof NumberFormatException ? "must be a decimal number" : null;
          return context.reportInputMismatch(
              type, "%s", reason == null ? String.valueOf(exception.getMessage()) : reason);
        }
      }
    };
  }

  /** Writes whole or decimal seconds. */
  private static final class SecondsSerializer extends ValueSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator json, SerializationContext context) {
      if (value.getNano() == 0) json.writeNumber(value.toSeconds());
      else json.writeNumber(java.math.BigDecimal.valueOf(value.toMillis(), 3).stripTrailingZeros());
    }
  }

  /** Writes whole milliseconds. */
  static final class MillisSerializer extends ValueSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator json, SerializationContext context) {
      json.writeNumber(value.toMillis());
    }
  }

  /** Appends the unit to the names of durations: {@code timeout_seconds}. */
  private static final class DurationUnits extends ValueSerializerModifier {
    private static final long serialVersionUID = 1L;
    private static final NameTransformer IN_SECONDS =
        NameTransformer.simpleTransformer("", "_seconds");

    @Override
    public List<BeanPropertyWriter> changeProperties(
        SerializationConfig config,
        BeanDescription.Supplier beanDescription,
        List<BeanPropertyWriter> properties) {
      properties.replaceAll(
          property ->
              property.getType().hasRawClass(Duration.class) && !property.getName().endsWith("_ms")
                  ? property.rename(IN_SECONDS)
                  : property);
      return properties;
    }
  }

  private static final class RawJsonSerializer extends ValueSerializer<Json> {
    @Override
    public void serialize(Json value, JsonGenerator json, SerializationContext context) {
      json.writeRawValue(value.text());
    }
  }

  private static final class RawJsonDeserializer extends ValueDeserializer<Json> {
    @Override
    public Json deserialize(JsonParser json, DeserializationContext context) {
      var tree = context.readTree(json);
      var violation = WireTextModule.violation(tree, "");
      return violation == null
          ? new Json(tree.toString())
          : context.reportInputMismatch(Json.class, "must be JSON, but: %s", violation.detail());
    }
  }

  /**
   * Rejects the array form {@code ["http", {...}]}, which Jackson would also accept for an object
   * with its type.
   */
  private static final class ObjectsOnlyDeserializer extends DelegatingDeserializer {
    ObjectsOnlyDeserializer(ValueDeserializer<?> delegate) {
      super(delegate);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegate) {
      return new ObjectsOnlyDeserializer(delegate);
    }

    @Override
    public Object deserializeWithType(
        JsonParser json, DeserializationContext context, TypeDeserializer typeDeserializer) {
      return json.isExpectedStartArrayToken()
          ? context.reportInputMismatch(handledType(), "must be an object")
          : super.deserializeWithType(json, context, typeDeserializer);
    }
  }

  /** Finds deserializers of enums and ids by the family of the type. */
  private static final class EnumAndIdDeserializers extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public ValueDeserializer<?> modifyEnumDeserializer(
        DeserializationConfig config,
        JavaType type,
        BeanDescription.Supplier beanDescription,
        ValueDeserializer<?> defaultDeserializer) {
      var constants = (Enum<?>[]) type.getRawClass().getEnumConstants();
      return textReader(type.getRawClass(), name -> WireNames.findConstant(constants, name));
    }

    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config,
        BeanDescription.Supplier beanDescription,
        ValueDeserializer<?> defaultDeserializer) {
      var type = beanDescription.getBeanClass();
      if (defaultDeserializer instanceof AbstractDeserializer)
        return new ObjectsOnlyDeserializer(defaultDeserializer);
      if (!Id.class.isAssignableFrom(type)) return defaultDeserializer;
      return textReader(type, value -> newId(type, value));
    }

    private static Object newId(Class<?> type, String value) {
      try {
        return type.getConstructor(String.class).newInstance(value);
      } catch (java.lang.reflect.InvocationTargetException exception) {
        throw new IllegalArgumentException(
            String.valueOf(exception.getTargetException().getMessage()), exception);
      } catch (ReflectiveOperationException exception) {
        throw new IllegalStateException(exception);
      }
    }
  }
}
