package io.agentledger.gateway.support.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Rejection;
import io.agentledger.gateway.support.json.WireNames;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Thrown for a malformed request, with all violations. Never contains values of the request. */
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Violation> errors;
  private final transient @Nullable Rejection rejection;

  public InvalidRequestException(List<Violation> errors) {
    this(errors, null);
  }

  /**
   * @param rejection reason with its own code; null for {@code invalid_request}
   */
  public InvalidRequestException(List<Violation> errors, @Nullable Rejection rejection) {
    super("The request is not valid.");
    this.errors = List.copyOf(errors);
    this.rejection = rejection;
  }

  /**
   * One violation.
   *
   * @param pointer position in the body as a JSON Pointer (RFC 6901); empty for the whole body
   * @param parameter of the query string
   * @param header name
   * @param detail the violated rule
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Violation(
      @Nullable String pointer,
      @Nullable String parameter,
      @Nullable String header,
      String detail) {
    /** Violation at a place in the body. */
    public static Violation body(String pointer, String detail) {
      return new Violation(pointer, null, null, detail);
    }

    /** Returns whether both are at the same value of the body, or one at a part of the other. */
    public boolean overlaps(Violation other) {
      if (pointer == null || other.pointer == null) return false;
      if (pointer.isEmpty() || other.pointer.isEmpty()) return pointer.equals(other.pointer);
      return (pointer + "/").startsWith(other.pointer + "/")
          || (other.pointer + "/").startsWith(pointer + "/");
    }

    /** Returns the same violation at another position in the body. */
    public Violation movedBy(UnaryOperator<String> toPointer) {
      return pointer == null
          ? this
          : new Violation(toPointer.apply(pointer), parameter, header, detail);
    }
  }

  public List<Violation> errors() {
    return errors;
  }

  /** Returns the reason, if it has a code of its own. */
  @Nullable Rejection rejection() {
    return rejection;
  }

  /** Returns the violations of all checks, each of which throws its own. */
  public static List<Violation> collect(Runnable... checks) {
    var violations = new ArrayList<Violation>();
    for (var check : checks)
      try {
        check.run();
      } catch (InvalidRequestException exception) {
        violations.addAll(exception.errors());
      }
    return violations;
  }

  /** Returns the same violations at other positions in the body. */
  public InvalidRequestException movedBy(UnaryOperator<String> toPointer) {
    return new InvalidRequestException(
        errors.stream().map(violation -> violation.movedBy(toPointer)).toList(), rejection);
  }

  public static InvalidRequestException body(String pointer, String detail) {
    return new InvalidRequestException(List.of(Violation.body(pointer, detail)));
  }

  public static InvalidRequestException parameter(String name, String detail) {
    return new InvalidRequestException(List.of(new Violation(null, name, null, detail)));
  }

  public static InvalidRequestException header(String name, String detail) {
    return new InvalidRequestException(List.of(new Violation(null, null, name, detail)));
  }

  /** Describes an error of Jackson in constant texts. */
  public static InvalidRequestException from(JacksonException exception) {
    return body(
        toPointer(exception)
            + (exception instanceof InvalidTypeIdException ? "/" + Discriminated.PROPERTY : ""),
        toRule(exception));
  }

  private static String toRule(JacksonException exception) {
    return switch (exception) {
      case UnrecognizedPropertyException unknown -> KnownFields.ruleFor(unknown);
      case InvalidTypeIdException invalidTypeId ->
          WireNames.mustBeOneOfTypes(invalidTypeId.getBaseType().getRawClass());
      case InvalidFormatException format -> "must be " + describe(format.getTargetType());
      case MismatchedInputException mismatch
          when mismatch.getOriginalMessage() != null
              && mismatch.getOriginalMessage().startsWith("must ") ->
          mismatch.getOriginalMessage();
      case MismatchedInputException absent when isNullForPrimitive(absent) -> "is required";
      case MismatchedInputException absent when isMissingNullable(absent) ->
          "is required; null is permitted";
      case MismatchedInputException type -> "must be " + describe(type.getTargetType());
      case StreamConstraintsException deep -> "is too deep or too long";
      case InputCoercionException number -> "must be a whole number in the permitted range";
      case StreamReadException repeated when isRepeatedProperty(repeated) ->
          "is not well-formed: an object has the same property twice"
              + describePosition(repeated)
              + "; send it once";
      case StreamReadException syntax -> "is not well-formed JSON" + describePosition(syntax);
      default -> "cannot be read";
    };
  }

  /** Returns where the text cannot be read, if that is known. */
  private static String describePosition(StreamReadException exception) {
    var location = exception.getLocation();
    return location == null || location.getLineNr() < 1 || location.getColumnNr() < 1
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static boolean isRepeatedProperty(StreamReadException exception) {
    return exception.getOriginalMessage() != null
        && exception.getOriginalMessage().startsWith("Duplicate Object property");
  }

  /** Returns whether a number or boolean is null or missing. */
  private static boolean isNullForPrimitive(MismatchedInputException exception) {
    return exception.getTargetType() != null
        && exception.getTargetType().isPrimitive()
        && exception.getOriginalMessage() != null
        && exception.getOriginalMessage().startsWith("Cannot map `null`");
  }

  /** Returns whether a field is missing that can be null, but must be given. */
  private static boolean isMissingNullable(MismatchedInputException exception) {
    return exception.getOriginalMessage() != null
        && exception.getOriginalMessage().startsWith("Missing required creator property");
  }

  private static String describe(@Nullable Class<?> type) {
    if (type == null) return "of another type";
    if (CharSequence.class.isAssignableFrom(type)) return "a string";
    if (type == boolean.class || type == Boolean.class) return "true or false";
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) return "a whole number";
    if (java.util.Collection.class.isAssignableFrom(type) || type.isArray()) return "an array";
    return "an object";
  }

  private static String toPointer(JacksonException exception) {
    return exception.getPath().stream()
        .map(step -> step.getPropertyName() == null ? "" + step.getIndex() : step.getPropertyName())
        .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
        .collect(Collectors.joining());
  }
}
