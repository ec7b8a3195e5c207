package io.agentledger.client.support;

import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.shared.WireNamed;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.Version;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serializers and deserializers of {@code api} types whose JSON differs from their record
 * components.
 */
final class ClientJsonModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  ClientJsonModule() {
    super("agentledger", Version.unknownVersion());
    addSerializer(Id.class, textSerializer(Id::value, Id.class));
    addSerializer(Money.class, textSerializer(Money::usd, Money.class));
    addSerializer(WireNamed.class, textSerializer(WireNamed::wireName, WireNamed.class));
    addSerializer(Json.class, new RawJsonSerializer());
    addDeserializer(
        Json.class, deserializer(Json.class, (parser, context) -> readJson(parser, context)));
    addDeserializer(
        Money.class,
        deserializer(Money.class, (parser, context) -> Money.ofUsd(parser.getValueAsString())));
    addDeserializer(StreamItem.class, new StreamItemReader());
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addDeserializers(new TypeFamilyDeserializers());
  }

  private static Json readJson(JsonParser parser, DeserializationContext context) {
    return new Json(context.readTree(parser).toString());
  }

  /** Finds deserializers for ids, names and discriminators by the family of a type. */
  private static final class TypeFamilyDeserializers extends Deserializers.Base {
    @Override
    public @Nullable ValueDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription.Supplier beanDescription) {
      var rawType = type.getRawClass();
      if (Id.class.isAssignableFrom(rawType))
        return deserializer(rawType, (parser, context) -> newId(rawType, parser.getString()));
      if (Discriminated.class.isAssignableFrom(rawType) && rawType.isInterface())
        return deserializer(
            rawType,
            (parser, context) ->
                discriminated(rawType, (ObjectNode) context.readTree(parser), context));
      return null;
    }

    @Override
    public @Nullable ValueDeserializer<?> findEnumDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription.Supplier beanDescription) {
      var rawType = type.getRawClass();
      if (!WireNamed.class.isAssignableFrom(rawType)) return null;
      return deserializer(rawType, (parser, context) -> findNamed(rawType, parser.getString()));
    }

    @Override
    public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
      return Id.class.isAssignableFrom(type)
          || Discriminated.class.isAssignableFrom(type)
          || WireNamed.class.isAssignableFrom(type);
    }
  }

  private static Object newId(Class<?> type, String value) {
    try {
      return type.getConstructor(String.class).newInstance(value);
    } catch (InvocationTargetException exception) {
      throw new IllegalArgumentException(
          value + " is not a valid " + type.getSimpleName(), exception);
    } catch (ReflectiveOperationException exception) {
      throw new IllegalStateException(exception);
    }
  }

  private static Object findNamed(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ((WireNamed) constant).wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("unknown " + type.getSimpleName() + " " + name));
  }

  private static Object discriminated(
      Class<?> type, ObjectNode node, DeserializationContext context) {
    var name = node.path(Discriminated.PROPERTY).asString("");
    var found =
        StableNames.find(type, name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "unknown "
                            + Discriminated.PROPERTY
                            + " of "
                            + type.getSimpleName()
                            + ": "
                            + name));
    node.remove(Discriminated.PROPERTY);
    return context.readTreeAsValue(node, found);
  }

  /** Reads one value from JSON. */
  private interface ValueReader<T> {
    T read(JsonParser parser, DeserializationContext context);
  }

  private static <T> ValueDeserializer<T> deserializer(
      Class<?> type, ValueReader<? extends T> valueReader) {
    return new ValueDeserializer<>() {
      @Override
      public T deserialize(JsonParser parser, DeserializationContext context) {
        try {
          return valueReader.read(parser, context);
        } catch (IllegalArgumentException | ArithmeticException exception) {
          return context.reportInputMismatch(type, "%s", String.valueOf(exception.getMessage()));
        }
      }
    };
  }

  private static <T> ValueSerializer<T> textSerializer(
      java.util.function.Function<T, String> toText, Class<T> type) {
    return new ValueSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator generator, SerializationContext context) {
        generator.writeString(toText.apply(value));
      }

      @Override
      public Class<T> handledType() {
        return type;
      }
    };
  }

  private static final class RawJsonSerializer extends ValueSerializer<Json> {
    @Override
    public void serialize(Json value, JsonGenerator generator, SerializationContext context) {
      generator.writeRawValue(value.text());
    }
  }

  /** Reads the common fields and those of the body from one object. */
  private static final class StreamItemReader extends ValueDeserializer<StreamItem> {
    @Override
    public StreamItem deserialize(JsonParser parser, DeserializationContext context) {
      JsonNode tree = context.readTree(parser);
      if (tree instanceof ObjectNode node) return StreamItemDeserializer.read(node, context);
      return context.reportInputMismatch(StreamItem.class, "%s", "an item must be an object");
    }
  }
}
