package io.agentledger.projection.audit;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.audit.ShownInAudit.Extent;
import io.agentledger.api.content.Content;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.shared.WireNamed;
import io.agentledger.store.support.UntrustedJson;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON of a configuration as the audit may show it. The type of a value decides: ids, constants,
 * numbers and times are shown, texts and maps only with {@link ShownInAudit}. Everything else is
 * replaced by a marker with a digest, which serves to find changes; sealed content by a marker
 * without one, because its ciphertext differs each time.
 */
final class ConfigurationJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = UntrustedJson.MAPPER;
  private static final String WITHHELD = "$withheld";
  private static final String SHOWN = "$shown";
  private static final String SEALED = "sealed";

  /** Properties that the API shows as properties of the object that contains them. */
  private static final Set<String> INLINED = Set.of("definition", "properties", "timing");

  private final String resourceId;

  ConfigurationJson(String resourceId) {
    this.resourceId = resourceId;
  }

  /** Returns the properties of a record without the id of the resource. */
  ObjectNode toObject(Object configuration) {
    var object = NODES.objectNode();
    if (configuration instanceof Discriminated)
      object.put(Discriminated.PROPERTY, StableNames.of(configuration.getClass()));
    for (var component : configuration.getClass().getRecordComponents()) {
      Object value = value(component, configuration);
      if (value instanceof Id id && id.value().equals(resourceId)) continue;
      var json = toJson(value, component.getAnnotation(ShownInAudit.class));
      if (INLINED.contains(component.getName())
          && json instanceof ObjectNode nested
          && !isWithheld(nested)) object.setAll(nested);
      else object.set(name(component), json);
    }
    return object;
  }

  /** Returns the marker for a value that is not known without a key. */
  static ObjectNode sealed() {
    return NODES.objectNode().put(WITHHELD, SEALED);
  }

  static boolean isWithheld(@Nullable JsonNode node) {
    return node != null && node.has(WITHHELD);
  }

  /** Returns whether the marker cannot tell whether the value is another one. */
  static boolean isSealed(@Nullable JsonNode node) {
    return node != null && node.path(WITHHELD).asString("").equals(SEALED);
  }

  /** Returns the part of a value that may be shown; null for none. */
  static @Nullable JsonNode shown(@Nullable JsonNode node) {
    return node != null && isWithheld(node) ? node.get(SHOWN) : node;
  }

  private JsonNode toJson(@Nullable Object value, @Nullable ShownInAudit annotation) {
    return switch (value) {
      case null -> NODES.nullNode();
      case Content.Absent _ -> NODES.nullNode();
      case Content _ -> sealed();
      case Id id -> NODES.stringNode(id.value());
      case WireNamed constant -> NODES.stringNode(constant.wireName());
      case Enum<?> constant -> NODES.stringNode(constant.name().toLowerCase(Locale.ROOT));
      case Money money -> NODES.stringNode(money.usd());
      case Boolean flag -> NODES.booleanNode(flag);
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case Instant at -> NODES.stringNode(at.toString());
      case Duration time -> seconds(time);
      case String text -> text(text, annotation);
      case Set<?> set -> NODES.arrayNode().addAll(sorted(toJson(set, annotation)));
      case List<?> list -> NODES.arrayNode().addAll(toJson(list, annotation));
      case Map<?, ?> map when annotation != null -> toObject(map, annotation);
      case Map<?, ?> map -> withheld(MAPPER.writeValueAsString(new TreeMap<>(map)));
      case Json _ -> withheld(value);
      case Record configuration -> toObject(configuration);
      default -> withheld(value);
    };
  }

  private ObjectNode toObject(Map<?, ?> map, ShownInAudit annotation) {
    var object = NODES.objectNode();
    new TreeMap<>(map)
        .forEach((key, value) -> object.set(String.valueOf(key), toJson(value, annotation)));
    return object;
  }

  private List<JsonNode> toJson(Collection<?> values, @Nullable ShownInAudit annotation) {
    return values.stream().map(value -> toJson((Object) value, annotation)).toList();
  }

  /** Sorts a set, whose order is another one after a restart. */
  private static List<JsonNode> sorted(List<JsonNode> values) {
    return values.stream().sorted(Comparator.comparing(JsonNode::toString)).toList();
  }

  private JsonNode text(String text, @Nullable ShownInAudit annotation) {
    if (annotation == null) return withheld(text);
    return annotation.value() == Extent.ALL
        ? NODES.stringNode(text)
        : withheld(text).put(SHOWN, origin(text));
  }

  /** Returns scheme, host and port of an address; empty if it has none. */
  static String origin(String address) {
    try {
      var uri = new URI(address);
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      return uri.getHost() == null ? "" : uri.getScheme() + "://" + uri.getHost() + port;
    } catch (URISyntaxException e) {
      return "";
    }
  }

  private static JsonNode seconds(Duration time) {
    return time.getNano() == 0
        ? NODES.numberNode(time.toSeconds())
        : NODES.numberNode(BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros());
  }

  /** The events contain the same text in clear, so that its digest discloses nothing. */
  private ObjectNode withheld(Object value) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(resourceId.getBytes(StandardCharsets.UTF_8));
      byte[] digest = sha256.digest(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
      return NODES.objectNode().put(WITHHELD, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(RecordComponent component) {
    String snake =
        component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    return component.getType() == Duration.class ? snake + "_seconds" : snake;
  }

  private static @Nullable Object value(RecordComponent component, Object configuration) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(configuration);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
