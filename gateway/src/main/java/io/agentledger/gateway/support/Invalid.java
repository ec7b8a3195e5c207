package io.agentledger.gateway.support;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentledger.api.shared.Kinded;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** A request of the wrong shape, with every place that is wrong. Never carries what was sent. */
public final class Invalid extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Wrong> errors;

  public Invalid(List<Wrong> errors) {
    super("The request is not valid.");
    this.errors = List.copyOf(errors);
  }

  /**
   * One thing that is wrong.
   *
   * @param pointer where in the body, as RFC 6901 says; empty for all of it
   * @param parameter of the query string
   * @param header name
   * @param detail the rule that is broken
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Wrong(
      @Nullable String pointer,
      @Nullable String parameter,
      @Nullable String header,
      String detail) {}

  public List<Wrong> errors() {
    return errors;
  }

  public static Invalid body(String pointer, String detail) {
    return new Invalid(List.of(new Wrong(pointer, null, null, detail)));
  }

  public static Invalid parameter(String name, String detail) {
    return new Invalid(List.of(new Wrong(null, name, null, detail)));
  }

  public static Invalid header(String name, String detail) {
    return new Invalid(List.of(new Wrong(null, null, name, detail)));
  }

  /** What Jackson could not read, in words of ours. */
  static Invalid of(JacksonException refused) {
    return body(pointer(refused) + (isKind(refused) ? "/kind" : ""), rule(refused));
  }

  private static boolean isKind(JacksonException refused) {
    return refused instanceof InvalidTypeIdException unknown
        && Kinded.class.isAssignableFrom(unknown.getBaseType().getRawClass());
  }

  private static String rule(JacksonException refused) {
    return switch (refused) {
      case UnrecognizedPropertyException unknown -> "is not a known field";
      case InvalidTypeIdException kind when isKind(kind) ->
          WireNames.listedKinds(kind.getBaseType().getRawClass());
      case InvalidTypeIdException kind -> "must have a type that is known here";
      case InvalidFormatException format -> "must be " + article(format.getTargetType());
      case MismatchedInputException ours
          when ours.getOriginalMessage() != null && ours.getOriginalMessage().startsWith("must ") ->
          ours.getOriginalMessage();
      case MismatchedInputException type -> "must be " + article(type.getTargetType());
      case StreamConstraintsException deep -> "is too deep or too long";
      case StreamReadException syntax -> "is not well-formed JSON";
      default -> "cannot be read";
    };
  }

  private static String article(@Nullable Class<?> type) {
    if (type == null) return "of another type";
    if (CharSequence.class.isAssignableFrom(type)) return "a string";
    if (type == boolean.class || type == Boolean.class) return "true or false";
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) return "a whole number";
    if (java.util.Collection.class.isAssignableFrom(type) || type.isArray()) return "an array";
    return "an object";
  }

  private static String pointer(JacksonException refused) {
    return refused.getPath().stream()
        .map(step -> step.getPropertyName() == null ? "" + step.getIndex() : step.getPropertyName())
        .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
        .collect(Collectors.joining());
  }
}
