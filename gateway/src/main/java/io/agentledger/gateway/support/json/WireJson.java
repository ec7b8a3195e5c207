package io.agentledger.gateway.support.json;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/**
 * The JSON of HTTP, WebSocket and RSocket: snake case, bare ids, money as decimal strings,
 * durations in seconds or milliseconds as their names say, strict in what it reads. A type of its
 * own and no bean of Jackson's, so that it never becomes the JSON of the event store.
 */
public final class WireJson {
  /** How deep a body may nest. */
  public static final int DEPTH_MAX = 64;

  private static final int NAME_LENGTH_MAX = 1_000;
  private static final int NUMBER_LENGTH_MAX = 128;

  /** Of names, values and brackets in one body: what is read costs memory many times its bytes. */
  private static final long TOKEN_COUNT_MAX = 100_000;

  private final JsonMapper mapper;

  public WireJson() {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(WireJsonConfiguration.PROMPT_BYTES_MAX)
                    .maxNameLength(NAME_LENGTH_MAX)
                    .maxNumberLength(NUMBER_LENGTH_MAX)
                    .maxTokenCount(TOKEN_COUNT_MAX)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    mapper =
        JsonMapper.builder(factory)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, WireJson::rejectScalars)
            .addModule(WireTypesModule.module())
            .addModule(WireTextModule.module())
            .addMixIns(WireTypesModule.MIXINS)
            .build();
  }

  private static void rejectScalars(MutableCoercionConfig config) {
    config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
    config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
    config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  public JsonMapper mapper() {
    return mapper;
  }

  public byte[] toBytes(Object value) {
    return mapper.writeValueAsBytes(value);
  }

  public String toText(Object value) {
    return mapper.writeValueAsString(value);
  }

  /**
   * The fields of a body whose type is not known yet; what is no object is an {@link
   * InvalidRequestException}.
   */
  public ObjectNode parseObject(String json) {
    var object = read(json, ObjectNode.class);
    var violation = WireTextModule.violation(object, "");
    if (violation != null) throw new InvalidRequestException(List.of(violation));
    return object;
  }

  /** The same of what came over RSocket; nothing at all is an object without fields. */
  public ObjectNode parseObject(byte @Nullable [] data) {
    return data == null || data.length == 0
        ? mapper.createObjectNode()
        : parseObject(Utf8Text.decode(data));
  }

  /** Takes a field out of an object, which must be text if it is there. */
  public static @Nullable String removeText(ObjectNode from, String name) {
    var value = from.remove(name);
    if (value == null || value.isNull()) return null;
    if (!value.isString()) throw InvalidRequestException.body("/" + name, "must be a string");
    return value.asString();
  }

  /** Reads what is left of an object after its own fields were taken out. */
  public <T> T read(ObjectNode node, Class<T> type) {
    try {
      return mapper.treeToValue(node, type);
    } catch (JacksonException exception) {
      throw InvalidRequestException.from(exception);
    }
  }

  /** An object that more fields can be put on. */
  public ObjectNode toTree(Object value) {
    return mapper.valueToTree(value);
  }

  /**
   * Reads a body that did not come through HTTP; what is wrong with it is an {@link
   * InvalidRequestException}.
   */
  public <T> T read(String json, Class<T> type) {
    try {
      var value = mapper.readValue(json, type);
      if (value == null) throw InvalidRequestException.body("", "must be an object");
      return value;
    } catch (JacksonException exception) {
      throw InvalidRequestException.from(exception);
    }
  }
}
