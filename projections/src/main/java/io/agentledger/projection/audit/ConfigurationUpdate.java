package io.agentledger.projection.audit;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Properties that an event gives to a configuration, or to a part of it that has a key.
 *
 * @param part path of the part, such as {@code secrets[github]}; empty for the configuration itself
 * @param known previous values that follow from the event itself
 * @param properties new values; others stay
 * @param removed whether the part was removed
 */
record ConfigurationUpdate(String part, ObjectNode known, ObjectNode properties, boolean removed) {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  static ConfigurationUpdate of(ObjectNode properties) {
    return new ConfigurationUpdate("", NODES.objectNode(), properties, false);
  }

  /** Creates an update of one property. */
  static ConfigurationUpdate of(String property, Object value) {
    return none().and(property, value);
  }

  /** Creates an update of a property that is never shown. */
  static ConfigurationUpdate ofSecret(String property) {
    return of(NODES.objectNode().set(property, ConfigurationJson.sealed()));
  }

  /** Creates an update without any change. */
  static ConfigurationUpdate none() {
    return of(NODES.objectNode());
  }

  static ConfigurationUpdate removed(String part) {
    return new ConfigurationUpdate(part, NODES.objectNode(), NODES.objectNode(), true);
  }

  /** Returns whether the event concerns no property. */
  boolean isEmpty() {
    return properties.isEmpty() && !removed;
  }

  /** Returns the same update of a part. */
  ConfigurationUpdate in(String otherPart) {
    return new ConfigurationUpdate(otherPart, known, properties, removed);
  }

  /** Returns the same update with a further property. */
  ConfigurationUpdate and(String property, Object value) {
    properties.set(property, toNode(value));
    return this;
  }

  /** Returns the same update with the previous value of a property. */
  ConfigurationUpdate andKnown(String property, Object value) {
    known.set(property, toNode(value));
    return this;
  }

  private static JsonNode toNode(Object value) {
    return value instanceof Boolean flag
        ? NODES.booleanNode(flag)
        : NODES.stringNode(value.toString());
  }

  /** Returns the same update with another name of a property. */
  ConfigurationUpdate rename(String property, String name) {
    properties.set(name, properties.remove(property));
    return this;
  }

  /** Returns the same update with a further property, which is null. */
  ConfigurationUpdate andNull(String property) {
    properties.putNull(property);
    return this;
  }

  /** Returns the same update with version 1, which events of a creation do not contain. */
  ConfigurationUpdate andFirstVersion() {
    properties.put("version", 1);
    return this;
  }
}
