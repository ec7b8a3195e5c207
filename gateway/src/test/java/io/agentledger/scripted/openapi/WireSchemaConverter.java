package io.agentledger.scripted.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.json.WireNames;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Describes the JSON of {@link WireJson} as JSON Schema for the OpenAPI document. */
final class WireSchemaConverter implements ModelConverter {
  private static final String OWN_PACKAGES = "io.agentledger.";
  private static final TypeFactory TYPES = TypeFactory.defaultInstance();
  private static final String REF = "#/components/schemas/";

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    var schema = schemaOf(TYPES.constructType(type.getType()), context);
    if (schema != null) return schema;
    return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
  }

  @Override
  public boolean isOpenapi31() {
    return true;
  }

  /**
   * Returns a new schema each time, because callers add constraints to it; null for types of other
   * libraries.
   */
  private @Nullable Schema<?> schemaOf(JavaType type, ModelConverterContext context) {
    var rawType = type.getRawClass();
    if (rawType == Page.class) return pageSchema(type.containedType(0), context);
    if (Id.class.isAssignableFrom(rawType)) return idSchema(rawType);
    if (rawType == Money.class)
      return stringSchema().description("US dollars, decimal").example("0.0123");
    if (rawType == Json.class) return new JsonSchema().description("Any JSON value");
    if (rawType == StreamItem.class) return define("StreamItem", streamItemSchema(), context);
    if (!rawType.getName().startsWith(OWN_PACKAGES)) return null;
    if (rawType.isEnum()) return enumSchema((Enum<?>[]) rawType.getEnumConstants());
    if (rawType.isSealed()) return define(name(rawType), oneOfSchema(rawType, context), context);
    return rawType.isRecord()
        ? define(name(rawType), objectSchema(rawType, context), context)
        : null;
  }

  /** Returns the schema of a field, which may have a type of the JDK. */
  private Schema<?> fieldSchema(JavaType type, ModelConverterContext context) {
    var ownSchema = schemaOf(type, context);
    if (ownSchema != null) return ownSchema;
    var rawType = type.getRawClass();
    if (rawType == String.class) return stringSchema();
    if (rawType == Instant.class) return stringSchema().format("date-time");
    if (rawType == boolean.class || rawType == Boolean.class) return schemaOfType("boolean");
    if (rawType == int.class || rawType == Integer.class)
      return schemaOfType("integer").format("int32");
    if (rawType == long.class || rawType == Long.class)
      return schemaOfType("integer").format("int64");
    if (type.isMapLikeType()) {
      var map = schemaOfType("object");
      map.setAdditionalProperties(fieldSchema(type.getContentType(), context));
      return map;
    }
    if (type.isCollectionLikeType()) return arrayOf(fieldSchema(type.getContentType(), context));
    return new JsonSchema();
  }

  private static Schema<?> arrayOf(Schema<?> items) {
    var array = schemaOfType("array");
    array.setItems(items);
    return array;
  }

  static JsonSchema stringSchema() {
    return schemaOfType("string");
  }

  private static JsonSchema schemaOfType(String type) {
    var schema = new JsonSchema();
    schema.addType(type);
    return schema;
  }

  private static Schema<?> idSchema(Class<?> type) {
    try {
      var prefix = type.getField("PREFIX").get(null);
      return stringSchema().pattern("^" + prefix + "_[2-9a-hjkmnp-z]{10}$");
    } catch (ReflectiveOperationException exception) {
      return stringSchema();
    }
  }

  private static Schema<?> enumSchema(Enum<?>[] constants) {
    var schema = stringSchema();
    schema.setEnum(Arrays.stream(constants).<Object>map(WireNames::nameOf).toList());
    return schema;
  }

  private static Schema<?> define(String name, Schema<?> schema, ModelConverterContext context) {
    context.defineModel(name, schema);
    return new JsonSchema().$ref(REF + name);
  }

  private Schema<?> pageSchema(JavaType item, ModelConverterContext context) {
    var page = pageSchema(fieldSchema(item, context));
    return define(name(item.getRawClass()) + "Page", page, context);
  }

  /** Describes a page of a session's events, which only a hidden method of a controller returns. */
  static Schema<?> streamItemPageSchema() {
    return pageSchema(new JsonSchema().$ref(REF + "StreamItem"));
  }

  private static Schema<?> pageSchema(Schema<?> item) {
    var page = schemaOfType("object");
    page.addProperty("items", arrayOf(item));
    page.addProperty(
        "next_cursor", nullable(stringSchema()).description("Cursor of the next page"));
    page.setRequired(List.of("items", "next_cursor"));
    return page;
  }

  /** Describes the fields that every item has; each type has more fields. */
  private static Schema<?> streamItemSchema() {
    var item = schemaOfType("object");
    item.addProperty(
        "type", stringSchema().description("Discriminator of the item: message, result, ..."));
    item.addProperty(
        "event", stringSchema().description("Name of the event; absent on transient events"));
    for (var id : List.of("session_id", "run_id", "thread_id"))
      item.addProperty(id, stringSchema());
    item.addProperty(
        "parent_tool_use_id",
        stringSchema().description("Tool call that started the subagent; absent on other items"));
    item.addProperty(
        "sequence",
        schemaOfType("integer").description("From 1 and dense; absent on transient events"));
    item.addProperty("at", stringSchema().format("date-time"));
    item.setRequired(List.of("type", "session_id", "at"));
    item.setAdditionalProperties(true);
    return item;
  }

  private Schema<?> oneOfSchema(Class<?> type, ModelConverterContext context) {
    var schema = new JsonSchema();
    for (var subtype : type.getPermittedSubclasses())
      schema.addOneOfItem(schemaOf(TYPES.constructType(subtype), context));
    return schema;
  }

  private Schema<?> objectSchema(Class<?> type, ModelConverterContext context) {
    var schema = schemaOfType("object");
    var discriminator = discriminator(type);
    if (discriminator != null) {
      var value = stringSchema();
      value.setConst(discriminator[1]);
      schema.addProperty(discriminator[0], value);
      schema.addRequiredItem(discriminator[0]);
    }
    for (var component : type.getRecordComponents()) addProperty(schema, type, component, context);
    return schema;
  }

  /** Returns name and value of the discriminator; null for a type that has none. */
  private static String @Nullable [] discriminator(Class<?> type) {
    if (Discriminated.class.isAssignableFrom(type))
      return new String[] {Discriminated.PROPERTY, StableNames.of(type)};
    var parent = type.getEnclosingClass();
    var subtypes = parent == null ? null : parent.getAnnotation(JsonSubTypes.class);
    if (subtypes == null) return null;
    var property = parent.getAnnotation(JsonTypeInfo.class).property();
    return Arrays.stream(subtypes.value())
        .filter(subtype -> subtype.value() == type)
        .map(subtype -> new String[] {property, subtype.name()})
        .findFirst()
        .orElse(null);
  }

  private void addProperty(
      Schema<?> schema, Class<?> type, RecordComponent component, ModelConverterContext context) {
    var schemaConstraints = new SchemaConstraints(type, component);
    if (component.getType() == Duration.class) {
      addProperty(schema, name(component) + "_seconds", schemaOfType("number"), schemaConstraints);
      return;
    }
    var value = fieldSchema(TYPES.constructType(component.getGenericType()), context);
    addProperty(schema, name(component), value, schemaConstraints);
  }

  private static void addProperty(
      Schema<?> schema, String name, Schema<?> value, SchemaConstraints schemaConstraints) {
    schema.addProperty(name, schemaConstraints.apply(value));
    if (schemaConstraints.isRequired()) schema.addRequiredItem(name);
  }

  static Schema<?> nullable(Schema<?> schema) {
    if (schema.get$ref() != null) {
      var union = new JsonSchema();
      union.addOneOfItem(schema);
      union.addOneOfItem(schemaOfType("null"));
      return union;
    }
    if (schema.getTypes() != null) schema.addType("null");
    return schema;
  }

  private static String name(RecordComponent component) {
    var explicit = component.getAccessor().getAnnotation(JsonProperty.class);
    return explicit == null ? WireNames.toSnakeCase(component.getName()) : explicit.value();
  }

  /** Converts {@code SessionView.AgentRef} to {@code SessionViewAgentRef}. */
  private static String name(Class<?> type) {
    var outer = type.getEnclosingClass();
    var name = outer == null ? type.getSimpleName() : name(outer) + type.getSimpleName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }
}
