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

/** The types of {@code api} that are more, or less, in JSON than a record of their fields. */
final class ClientJsonModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  ClientJsonModule() {
    super("agentledger", Version.unknownVersion());
    addSerializer(Id.class, text(Id::value, Id.class));
    addSerializer(Money.class, text(Money::usd, Money.class));
    addSerializer(WireNamed.class, text(WireNamed::wireName, WireNamed.class));
    addSerializer(Json.class, new RawJson());
    addDeserializer(Json.class, reader(Json.class, (parser, context) -> json(parser, context)));
    addDeserializer(
        Money.class,
        reader(Money.class, (parser, context) -> Money.ofUsd(parser.getValueAsString())));
    addDeserializer(StreamItem.class, new StreamItemReader());
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addDeserializers(new BySort());
  }

  private static Json json(JsonParser parser, DeserializationContext context) {
    return new Json(context.readTree(parser).toString());
  }

  /** Ids, names and kinds: found by what the type is, not one by one. */
  private static final class BySort extends Deserializers.Base {
    @Override
    public @Nullable ValueDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription.Supplier bean) {
      var raw = type.getRawClass();
      if (Id.class.isAssignableFrom(raw)) return reader(raw, (p, c) -> id(raw, p.getString()));
      if (Discriminated.class.isAssignableFrom(raw) && raw.isInterface())
        return reader(raw, (p, c) -> discriminated(raw, (ObjectNode) c.readTree(p), c));
      return null;
    }

    @Override
    public @Nullable ValueDeserializer<?> findEnumDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription.Supplier bean) {
      var raw = type.getRawClass();
      if (!WireNamed.class.isAssignableFrom(raw)) return null;
      return reader(raw, (parser, context) -> named(raw, parser.getString()));
    }

    @Override
    public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
      return Id.class.isAssignableFrom(type)
          || Discriminated.class.isAssignableFrom(type)
          || WireNamed.class.isAssignableFrom(type);
    }
  }

  private static Object id(Class<?> type, String value) {
    try {
      return type.getConstructor(String.class).newInstance(value);
    } catch (InvocationTargetException refused) {
      throw new IllegalArgumentException(value + " is no id of " + type.getSimpleName(), refused);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Object named(Class<?> type, String name) {
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

  /** How one value is read. */
  private interface Reads<T> {
    T read(JsonParser parser, DeserializationContext context);
  }

  private static <T> ValueDeserializer<T> reader(Class<?> type, Reads<? extends T> reads) {
    return new ValueDeserializer<>() {
      @Override
      public T deserialize(JsonParser parser, DeserializationContext context) {
        try {
          return reads.read(parser, context);
        } catch (IllegalArgumentException | ArithmeticException wrong) {
          return context.reportInputMismatch(type, "%s", String.valueOf(wrong.getMessage()));
        }
      }
    };
  }

  private static <T> ValueSerializer<T> text(
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

  private static final class RawJson extends ValueSerializer<Json> {
    @Override
    public void serialize(Json value, JsonGenerator generator, SerializationContext context) {
      generator.writeRawValue(value.text());
    }
  }

  /** Common fields and those of the body, side by side in one object. */
  private static final class StreamItemReader extends ValueDeserializer<StreamItem> {
    @Override
    public StreamItem deserialize(JsonParser parser, DeserializationContext context) {
      JsonNode tree = context.readTree(parser);
      if (tree instanceof ObjectNode node) return StreamItemDeserializer.read(node, context);
      return context.reportInputMismatch(StreamItem.class, "%s", "an item must be an object");
    }
  }
}
