package io.agentledger.scripted.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.session.options.McpServersRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.template.VariableValue;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Describes the JSON of {@link WireJson} as JSON Schema for the OpenAPI document. */
public final class WireSchemaConverter implements ModelConverter {
  private static final String OWN_PACKAGES = "io.agentledger.";
  private static final TypeFactory TYPES = TypeFactory.defaultInstance();
  private static final String REF = "#/components/schemas/";
  private static final String STREAM_ITEM = "StreamItem";
  private static final String EVENT = "event";

  private final Map<String, Class<?>> types = new ConcurrentHashMap<>();

  /** Returns the types that have been described, by the names of their schemas. */
  public Map<String, Class<?>> types() {
    return types;
  }

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
    if (rawType == VariableValue.class)
      return new JsonSchema()
          .addOneOfItem(stringSchema())
          .addOneOfItem(schemaOfType("number"))
          .addOneOfItem(schemaOfType("boolean"));
    if (rawType == Json.class) return new JsonSchema().description("Any JSON value");
    if (rawType == StreamItem.class) return streamItemSchema(context);
    if (rawType == McpServersRequest.class)
      return define(rawType, alternatives(rawType, context), context);
    if (!rawType.getName().startsWith(OWN_PACKAGES)) return null;
    if (rawType.isEnum()) return enumSchema((Enum<?>[]) rawType.getEnumConstants());
    if (rawType.isSealed()) return define(rawType, oneOfSchema(rawType, context), context);
    return rawType.isRecord() ? define(rawType, objectSchema(rawType, context), context) : null;
  }

  /** Describes a record as one of its components. */
  private Schema<?> alternatives(Class<?> type, ModelConverterContext context) {
    var schema = new JsonSchema();
    for (var component : type.getRecordComponents())
      schema.addOneOfItem(fieldSchema(TYPES.constructType(component.getGenericType()), context));
    return schema;
  }

  /** Returns the schema of a field, which may have a type of the JDK. */
  private Schema<?> fieldSchema(JavaType type, ModelConverterContext context) {
    var ownSchema = schemaOf(type, context);
    if (ownSchema != null) return ownSchema;
    var rawType = type.getRawClass();
    if (rawType == String.class) return stringSchema();
    if (rawType == Instant.class) return stringSchema().format("date-time");
    if (rawType == LocalDate.class) return stringSchema().format("date");
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
    schema.setEnum(WireNames.supportedNames(constants).<Object>map(name -> name).toList());
    return schema;
  }

  private Schema<?> define(Class<?> type, Schema<?> schema, ModelConverterContext context) {
    types.put(name(type), type);
    return define(name(type), schema, context);
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

  /** Describes an item as one of its types; each has the common fields and those of its body. */
  private Schema<?> streamItemSchema(ModelConverterContext context) {
    var item = new JsonSchema();
    var discriminator = new Discriminator().propertyName(Discriminated.PROPERTY);
    for (var body : StreamItem.Body.class.getPermittedSubclasses()) {
      var type = StableNames.of(body);
      var name = STREAM_ITEM + capitalize(type);
      types.put(name, body);
      var schema =
          body == StreamItem.Status.class ? statusSchema(context) : bodySchema(body, type, context);
      item.addOneOfItem(define(name, schema, context));
      discriminator.mapping(type, REF + name);
    }
    types.put(STREAM_ITEM, StreamItem.class);
    return define(STREAM_ITEM, item.discriminator(discriminator), context);
  }

  private Schema<?> bodySchema(Class<?> body, String type, ModelConverterContext context) {
    var schema = schemaOfType("object");
    var value = stringSchema();
    value.setConst(type);
    schema.addProperty(Discriminated.PROPERTY, value);
    for (var component : StreamItem.class.getRecordComponents())
      if (!Set.of("type", "body").contains(component.getName()))
        addProperty(schema, StreamItem.class, component, context);
    if (body != StreamItem.Status.class)
      for (var component : body.getRecordComponents())
        addProperty(schema, body, component, context);
    schema.addRequiredItem(Discriminated.PROPERTY);
    return schema;
  }

  /** Describes an item of type status as one of the events that have no type of their own. */
  private Schema<?> statusSchema(ModelConverterContext context) {
    var status = schemaOfType("object");
    var discriminator = new Discriminator().propertyName(EVENT);
    for (var event : StatusEvents.TYPES) {
      var name = STREAM_ITEM + "Status" + StableNames.of(event);
      types.put(name, event);
      status.addOneOfItem(define(name, eventSchema(event, context), context));
      discriminator.mapping(StableNames.of(event), REF + name);
    }
    return status.discriminator(discriminator);
  }

  private Schema<?> eventSchema(Class<?> event, ModelConverterContext context) {
    var schema = bodySchema(StreamItem.Status.class, "status", context);
    var name = stringSchema();
    name.setConst(StableNames.of(event));
    schema.addProperty(EVENT, name);
    schema.addRequiredItem(EVENT);
    schema.addRequiredItem("sequence");
    for (var component : StatusEvents.fields(event)) {
      var type = component.getType();
      if (type == Duration.class)
        schema.addProperty(name(component) + "_ms", schemaOfType("integer").format("int64"));
      else
        schema.addProperty(
            name(component),
            StatusEvents.isPlain(component)
                ? fieldSchema(TYPES.constructType(component.getGenericType()), context)
                : new JsonSchema());
    }
    return schema;
  }

  private Schema<?> oneOfSchema(Class<?> type, ModelConverterContext context) {
    var schema = new JsonSchema();
    var discriminator = new Discriminator();
    for (var subtype : type.getPermittedSubclasses()) {
      var alternative = schemaOf(TYPES.constructType(subtype), context);
      schema.addOneOfItem(alternative);
      var value = discriminator(subtype);
      if (value == null || alternative == null) continue;
      discriminator.propertyName(value[0]).mapping(value[1], alternative.get$ref());
    }
    return discriminator.getPropertyName() == null ? schema : schema.discriminator(discriminator);
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
    if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
      for (var inner : component.getType().getRecordComponents())
        addProperty(schema, component.getType(), inner, context);
      return;
    }
    var schemaConstraints = new SchemaConstraints(type, component, omitsNull(type));
    if (component.getType() == Duration.class) {
      addProperty(schema, name(component) + "_seconds", schemaOfType("number"), schemaConstraints);
      return;
    }
    var value = fieldSchema(TYPES.constructType(component.getGenericType()), context);
    addProperty(schema, name(component), value, schemaConstraints);
  }

  private static boolean omitsNull(Class<?> type) {
    return type == StreamItem.class || StreamItem.Body.class.isAssignableFrom(type);
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
    if (schema.getEnum() != null) addNull(schema);
    return schema;
  }

  @SuppressWarnings("unchecked")
  private static void addNull(Schema<?> schema) {
    var constants = new ArrayList<@Nullable Object>(schema.getEnum());
    constants.add(null);
    ((Schema<Object>) schema).setEnum(constants);
  }

  /** Returns the name of a field in JSON. */
  public static String name(RecordComponent component) {
    var explicit = component.getAccessor().getAnnotation(JsonProperty.class);
    return explicit == null ? WireNames.toSnakeCase(component.getName()) : explicit.value();
  }

  /** Converts {@code SessionView.AgentRef} to {@code SessionViewAgentRef}. */
  private static String name(Class<?> type) {
    var outer = type.getEnclosingClass();
    return capitalize(outer == null ? type.getSimpleName() : name(outer) + type.getSimpleName());
  }

  private static String capitalize(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }
}
