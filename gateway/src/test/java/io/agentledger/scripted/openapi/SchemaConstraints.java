package io.agentledger.scripted.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.models.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Maps the Bean Validation constraints of one field to JSON Schema. */
final class SchemaConstraints {
  private final Field field;
  private final boolean omitsNull;

  /**
   * Creates the constraints of a field.
   *
   * @param omitsNull whether the JSON does not contain a field that is null
   */
  SchemaConstraints(Class<?> type, RecordComponent component, boolean omitsNull) {
    this.omitsNull = omitsNull;
    try {
      field = type.getDeclaredField(component.getName());
    } catch (NoSuchFieldException exception) {
      throw new IllegalStateException(exception);
    }
  }

  /**
   * Returns whether the field is required: in responses if it is not nullable, in requests if its
   * constraints say so, or if null must be given explicitly.
   */
  boolean isRequired() {
    var property = findAnnotation(JsonProperty.class);
    return !isNullable() || property != null && property.required();
  }

  private boolean isNullable() {
    return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  Schema<?> apply(Schema<?> schema) {
    if (schema.get$ref() == null) {
      applyBounds(schema);
      var pattern = findAnnotation(Pattern.class);
      if (pattern != null) schema.setPattern(toJsonSchema(pattern.regexp()));
    }
    return isNullable() && !omitsNull ? WireSchemaConverter.nullable(schema) : schema;
  }

  /** Anchors an expression, because Bean Validation matches the whole value. */
  private static String toJsonSchema(String expression) {
    return "^(?:" + expression.replace("\\p{Cntrl}", "\\x00-\\x1f\\x7f") + ")$";
  }

  private void applyBounds(Schema<?> schema) {
    var size = findAnnotation(Size.class);
    int least = findAnnotation(NotBlank.class) == null ? 0 : 1;
    if (size != null) applySize(schema, Math.max(least, size.min()), size.max());
    var range = findAnnotation(Range.class);
    if (range == null) return;
    schema.setMinimum(BigDecimal.valueOf(range.min()));
    schema.setMaximum(BigDecimal.valueOf(range.max()));
  }

  private void applySize(Schema<?> schema, int min, int max) {
    if (Collection.class.isAssignableFrom(field.getType())) {
      schema.setMinItems(min == 0 ? null : min);
      schema.setMaxItems(max);
    } else if (Map.class.isAssignableFrom(field.getType())) schema.setMaxProperties(max);
    else {
      schema.setMinLength(min == 0 ? null : min);
      schema.setMaxLength(max);
    }
  }

  private <A extends Annotation> @Nullable A findAnnotation(Class<A> type) {
    return AnnotatedElementUtils.findMergedAnnotation(field, type);
  }
}
