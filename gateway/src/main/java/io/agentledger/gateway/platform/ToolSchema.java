package io.agentledger.gateway.platform;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.platform.ToolArgument;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON Schema of a tool's arguments, from the record that reads and validates them. */
final class ToolSchema {
  private static final String ID_CHARACTERS = "_[2-9a-hjkmnp-z]{10}$";

  private ToolSchema() {}

  static Map<String, Object> of(Class<? extends Record> argumentsType) {
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    for (var component : argumentsType.getRecordComponents()) {
      var field = fieldOf(argumentsType, component);
      var name = WireNames.toSnakeCase(component.getName());
      properties.put(name, propertyOf(component, field));
      if (field.isAnnotationPresent(NotNull.class) || field.isAnnotationPresent(NotBlank.class))
        required.add(name);
    }
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) schema.put("required", required);
    schema.put("additionalProperties", false);
    return schema;
  }

  /** Returns the field, which has the constraints of the component. */
  private static Field fieldOf(Class<?> type, RecordComponent component) {
    try {
      return type.getDeclaredField(component.getName());
    } catch (NoSuchFieldException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Map<String, Object> propertyOf(RecordComponent component, Field field) {
    var property = new LinkedHashMap<String, Object>();
    var type = component.getType();
    if (type.isEnum()) {
      property.put("type", "string");
      property.put("enum", WireNames.supportedNames((Enum<?>[]) type.getEnumConstants()).toList());
    } else if (Id.class.isAssignableFrom(type)) {
      property.put("type", "string");
      property.put("pattern", "^" + prefixOf(type) + ID_CHARACTERS);
    } else property.put("type", typeOf(type));
    if (field.getAnnotation(Size.class) instanceof Size size && type == String.class) {
      if (size.min() > 0) property.put("minLength", size.min());
      property.put("maxLength", size.max());
    }
    if (field.getAnnotation(Min.class) instanceof Min min) property.put("minimum", min.value());
    if (field.getAnnotation(Max.class) instanceof Max max) property.put("maximum", max.value());
    var argument = component.getAnnotation(ToolArgument.class);
    if (argument == null) throw new IllegalStateException(component + " has no description");
    property.put("description", argument.value());
    return property;
  }

  private static String typeOf(Class<?> type) {
    if (type == String.class || type == Money.class) return "string";
    if (type == Boolean.class) return "boolean";
    if (List.of(Integer.class, Long.class).contains(type)) return "integer";
    return Collection.class.isAssignableFrom(type) ? "array" : "object";
  }

  private static String prefixOf(Class<?> type) {
    try {
      return (String) type.getField("PREFIX").get(null);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
