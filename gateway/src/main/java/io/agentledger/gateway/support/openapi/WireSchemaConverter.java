package io.agentledger.gateway.support.openapi;

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
import org.springframework.stereotype.Component;

/** How {@link WireJson} looks, as JSON Schema for the API document. */
@Component
final class WireSchemaConverter implements ModelConverter {
  private static final String OWN_PACKAGES = "io.agentledger.";
  private static final TypeFactory TYPES = TypeFactory.defaultInstance();
  private static final String REF = "#/components/schemas/";

  @Override
  public @Nullable Schema<?> resolve(
      AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
    var schema = of(TYPES.constructType(type.getType()), context);
    if (schema != null) return schema;
    return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
  }

  @Override
  public boolean isOpenapi31() {
    return true;
  }

  /** A new instance each time: who gets it adds rules to it. Null for what is not ours. */
  private @Nullable Schema<?> of(JavaType type, ModelConverterContext context) {
    var raw = type.getRawClass();
    if (raw == Page.class) return page(type.containedType(0), context);
    if (Id.class.isAssignableFrom(raw)) return id(raw);
    if (raw == Money.class) return string().description("US dollars, decimal").example("0.0123");
    if (raw == Json.class) return new JsonSchema().description("Any JSON value");
    if (raw == StreamItem.class) return define("StreamItem", streamItem(), context);
    if (!raw.getName().startsWith(OWN_PACKAGES)) return null;
    if (raw.isEnum()) return constants((Enum<?>[]) raw.getEnumConstants());
    if (raw.isSealed()) return define(name(raw), oneOf(raw, context), context);
    return raw.isRecord() ? define(name(raw), object(raw, context), context) : null;
  }

  /** Of a field, which may be of Java's own types, too. */
  private Schema<?> field(JavaType type, ModelConverterContext context) {
    var ours = of(type, context);
    if (ours != null) return ours;
    var raw = type.getRawClass();
    if (raw == String.class) return string();
    if (raw == Instant.class) return string().format("date-time");
    if (raw == boolean.class || raw == Boolean.class) return typed("boolean");
    if (raw == int.class || raw == Integer.class) return typed("integer").format("int32");
    if (raw == long.class || raw == Long.class) return typed("integer").format("int64");
    if (type.isMapLikeType()) {
      var map = typed("object");
      map.setAdditionalProperties(field(type.getContentType(), context));
      return map;
    }
    if (type.isCollectionLikeType()) return array(field(type.getContentType(), context));
    return new JsonSchema();
  }

  private static Schema<?> array(Schema<?> items) {
    var array = typed("array");
    array.setItems(items);
    return array;
  }

  static JsonSchema string() {
    return typed("string");
  }

  private static JsonSchema typed(String type) {
    var schema = new JsonSchema();
    schema.addType(type);
    return schema;
  }

  private static Schema<?> id(Class<?> type) {
    try {
      var prefix = type.getField("PREFIX").get(null);
      return string().pattern("^" + prefix + "_[2-9a-hjkmnp-z]{10}$");
    } catch (ReflectiveOperationException other) {
      return string();
    }
  }

  private static Schema<?> constants(Enum<?>[] constants) {
    var schema = string();
    schema.setEnum(Arrays.stream(constants).<Object>map(WireNames::of).toList());
    return schema;
  }

  private static Schema<?> define(String name, Schema<?> schema, ModelConverterContext context) {
    context.defineModel(name, schema);
    return new JsonSchema().$ref(REF + name);
  }

  private Schema<?> page(JavaType item, ModelConverterContext context) {
    var page = typed("object");
    page.addProperty("items", array(field(item, context)));
    page.addProperty("next", nullable(string()).description("Cursor of the next page"));
    page.setRequired(List.of("items", "next"));
    return define(name(item.getRawClass()) + "Page", page, context);
  }

  /** What clients may rely on in every item; each type has fields of its own beside these. */
  private static Schema<?> streamItem() {
    var item = typed("object");
    item.addProperty("type", string().description("What to switch on: message, result, ..."));
    item.addProperty("fact", string().description("Name of the fact; absent on frames"));
    for (var id : List.of("session_id", "run_id", "thread_id")) item.addProperty(id, string());
    item.addProperty(
        "sequence", typed("integer").description("From 1 and dense; absent on frames"));
    item.addProperty("at", string().format("date-time"));
    item.setRequired(List.of("type", "session_id", "at"));
    item.setAdditionalProperties(true);
    return item;
  }

  private Schema<?> oneOf(Class<?> type, ModelConverterContext context) {
    var schema = new JsonSchema();
    for (var kind : type.getPermittedSubclasses())
      schema.addOneOfItem(of(TYPES.constructType(kind), context));
    return schema;
  }

  private Schema<?> object(Class<?> type, ModelConverterContext context) {
    var schema = typed("object");
    var tag = tag(type);
    if (tag != null) {
      var value = string();
      value.setConst(tag[1]);
      schema.addProperty(tag[0], value);
      schema.addRequiredItem(tag[0]);
    }
    for (var component : type.getRecordComponents()) property(schema, type, component, context);
    return schema;
  }

  /** The field that tells the kinds of a sealed type apart, and its value for this one. */
  private static String @Nullable [] tag(Class<?> type) {
    if (Discriminated.class.isAssignableFrom(type))
      return new String[] {Discriminated.PROPERTY, StableNames.of(type)};
    var parent = type.getEnclosingClass();
    var known = parent == null ? null : parent.getAnnotation(JsonSubTypes.class);
    if (known == null) return null;
    var property = parent.getAnnotation(JsonTypeInfo.class).property();
    return Arrays.stream(known.value())
        .filter(subtype -> subtype.value() == type)
        .map(subtype -> new String[] {property, subtype.name()})
        .findFirst()
        .orElse(null);
  }

  private void property(
      Schema<?> schema, Class<?> type, RecordComponent component, ModelConverterContext context) {
    var schemaConstraints = new SchemaConstraints(type, component);
    if (component.getType() == Duration.class) {
      schema.addProperty(name(component) + "_seconds", typed("number"));
      return;
    }
    var value = field(TYPES.constructType(component.getGenericType()), context);
    schema.addProperty(name(component), schemaConstraints.apply(value));
    if (schemaConstraints.isRequired()) schema.addRequiredItem(name(component));
  }

  static Schema<?> nullable(Schema<?> schema) {
    if (schema.get$ref() != null) {
      var either = new JsonSchema();
      either.addOneOfItem(schema);
      either.addOneOfItem(typed("null"));
      return either;
    }
    if (schema.getTypes() != null) schema.addType("null");
    return schema;
  }

  private static String name(RecordComponent component) {
    return WireNames.snake(component.getName());
  }

  /** {@code SessionView.AgentRef} as {@code SessionViewAgentRef}. */
  private static String name(Class<?> type) {
    var outer = type.getEnclosingClass();
    var name = outer == null ? type.getSimpleName() : name(outer) + type.getSimpleName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }
}
