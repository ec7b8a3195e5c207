package io.agentledger.gateway.support.json;

import static java.util.Objects.requireNonNullElse;

import io.agentledger.gateway.support.problem.ConstraintViolationMapper;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the violations of a body that could not be read, so that a client can correct all of them
 * at once: removes the invalid value from the body, or puts another one in its place, reads it
 * again, and validates it when it can be read.
 */
final class BodyViolations {
  /** Maximum number of attempts to read a body, which limits the work for one request. */
  private static final int READS_MAX = 16;

  private final JsonMapper mapper;
  private final @Nullable Validator validator;

  /**
   * @param validator null: constraints are not validated
   */
  BodyViolations(JsonMapper mapper, @Nullable Validator validator) {
    this.mapper = mapper;
    this.validator = validator;
  }

  /** Returns the violations, beginning with the one that was found first. */
  List<Violation> find(JacksonException first, byte[] json, JavaType type) {
    try {
      return find(first, mapper.readTree(json), type);
    } catch (JacksonException exception) { // Not well-formed behind the first violation.
      return InvalidRequestException.from(first).errors();
    }
  }

  /** Returns the violations of a body that has been parsed; for a large one, the first. */
  List<Violation> find(JacksonException first, ObjectNode body, JavaType type) {
    return mapper.writeValueAsBytes(body).length < OffloadingJsonDecoder.LARGE_BYTES
        ? find(first, (JsonNode) body.deepCopy(), type)
        : InvalidRequestException.from(first).errors();
  }

  private List<Violation> find(JacksonException first, JsonNode body, JavaType type) {
    var found = new ArrayList<Violation>();
    @Nullable JacksonException failure = first;
    for (int reads = 1; failure != null; reads++) {
      var violation = InvalidRequestException.from(failure).errors().getFirst();
      if (found.stream().noneMatch(other -> pointer(other).equals(pointer(violation))))
        found.add(violation);
      boolean corrected =
          putPrimitive(body, pointer(violation), failure)
              || removeInvalid(body, pointer(violation));
      if (reads == READS_MAX || !corrected) return found;
      try {
        addConstraintViolations(found, mapper.treeToValue(body, type));
        failure = null;
      } catch (JacksonException next) {
        failure = next;
      }
    }
    return found;
  }

  /**
   * Puts a number or boolean in the place of an invalid or missing one, without which the object
   * around it cannot be read; returns success.
   */
  private static boolean putPrimitive(JsonNode body, String path, JacksonException failure) {
    var pointer = JsonPointer.compile(path);
    if (pointer.matches()
        || !(failure instanceof MismatchedInputException mismatch)
        || mismatch.getTargetType() == null
        || !mismatch.getTargetType().isPrimitive()
        || !(body.at(pointer.head()) instanceof ObjectNode object)) return false;
    var name = pointer.last().getMatchingProperty();
    if (mismatch.getTargetType() == boolean.class) object.put(name, false);
    else object.put(name, 0);
    return true;
  }

  /** Removes the value at the pointer, or the object in which it is missing; returns success. */
  private static boolean removeInvalid(JsonNode body, String path) {
    var pointer = JsonPointer.compile(path);
    while (!pointer.matches() && body.at(pointer).isMissingNode()) pointer = pointer.head();
    if (pointer.matches()) return false;
    var last = pointer.last();
    return switch (body.at(pointer.head())) {
      case ObjectNode object -> object.remove(last.getMatchingProperty()) != null;
      // The positions of the other elements stay the same.
      case ArrayNode array when !array.get(last.getMatchingIndex()).isNull() -> {
        array.setNull(last.getMatchingIndex());
        yield true;
      }
      case ArrayNode array -> removeInvalid(body, pointer.head().toString());
      default -> false;
    };
  }

  /** Adds violations of values that were read, not of those that were removed. */
  private void addConstraintViolations(List<Violation> found, @Nullable Object value) {
    if (value == null || validator == null) return;
    var unread = List.copyOf(found);
    for (var violation : ConstraintViolationMapper.toViolations(validator.validate(value)))
      if (unread.stream().noneMatch(violation::overlaps)) found.add(violation);
  }

  private static String pointer(Violation violation) {
    return requireNonNullElse(violation.pointer(), "");
  }
}
