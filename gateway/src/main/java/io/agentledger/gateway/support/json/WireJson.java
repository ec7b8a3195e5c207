package io.agentledger.gateway.support.json;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.Validator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
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
 * JSON of HTTP, WebSocket and RSocket: snake case, bare ids, money as decimal strings, durations in
 * seconds or milliseconds as their names say, strict reading. A separate type and not a Jackson
 * bean, so that it is never used for the event store.
 */
public final class WireJson {
  /** Maximum nesting depth of a body. */
  public static final int DEPTH_MAX = 64;

  private static final int NAME_LENGTH_MAX = 1_000;
  private static final int NUMBER_LENGTH_MAX = 128;

  /**
   * Maximum number of names, values and brackets of one body, because parsed JSON needs many times
   * the memory of its bytes.
   */
  private static final long TOKEN_COUNT_MAX = 100_000;

  private final JsonMapper mapper;
  private final BodyViolations bodyViolations;

  /** Creates an instance that does not validate constraints. */
  public WireJson() {
    this(null);
  }

  /**
   * @param validator of the constraints of bodies that cannot be read
   */
  WireJson(@Nullable Validator validator) {
    var factory =
        PlainJson.factory()
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
    bodyViolations = new BodyViolations(mapper, validator);
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
   * Parses the fields of a body whose type is not known yet.
   *
   * @throws InvalidRequestException if it is not an object
   */
  public ObjectNode parseObject(String json) {
    var object = read(json, ObjectNode.class);
    var violation = WireTextModule.violation(object, "");
    if (violation != null) throw new InvalidRequestException(List.of(violation));
    return object;
  }

  /** Parses the data of an RSocket request; no data is an object without fields. */
  public ObjectNode parseObject(byte @Nullable [] data) {
    return data == null || data.length == 0
        ? mapper.createObjectNode()
        : parseObject(Utf8Text.decode(data));
  }

  /**
   * Removes a field from an object and returns its text.
   *
   * @throws InvalidRequestException if it is not a string
   */
  public static @Nullable String removeText(ObjectNode from, String name) {
    var value = from.remove(name);
    if (value == null || value.isNull()) return null;
    if (!value.isString()) throw InvalidRequestException.body("/" + name, "must be a string");
    return value.asString();
  }

  /**
   * Reads the remaining fields of an object.
   *
   * @throws InvalidRequestException with all violations, if they cannot be read
   */
  public <T> T read(ObjectNode node, Class<T> type) {
    try {
      return mapper.treeToValue(node, type);
    } catch (JacksonException exception) {
      throw new InvalidRequestException(
          bodyViolations.find(exception, node, mapper.constructType(type)));
    }
  }

  /** Converts a value to an object, to which more fields can be added. */
  public ObjectNode toTree(Object value) {
    return mapper.valueToTree(value);
  }

  /**
   * Reads a body that did not come over HTTP.
   *
   * @throws InvalidRequestException if it is invalid
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
