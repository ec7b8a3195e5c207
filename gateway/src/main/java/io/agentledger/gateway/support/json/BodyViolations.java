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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the violations of a body that could not be read, so that a client can correct all of them
 * at once: removes the invalid value from the body, reads it again, and validates it when it can be
 * read.
 */
final class BodyViolations {
  /** Maximum number of attempts to read a body, which limits the work for one request. */
  private static final int READS_MAX = 16;

  private final JsonMapper mapper;
  private final Validator validator;

  BodyViolations(JsonMapper mapper, Validator validator) {
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

  private List<Violation> find(JacksonException first, JsonNode body, JavaType type) {
    var found = new ArrayList<Violation>();
    @Nullable JacksonException failure = first;
    while (failure != null) {
      var violation = InvalidRequestException.from(failure).errors().getFirst();
      found.add(violation);
      if (found.size() == READS_MAX || !removeInvalid(body, pointer(violation))) return found;
      try {
        addConstraintViolations(found, mapper.treeToValue(body, type));
        failure = null;
      } catch (JacksonException next) {
        failure = next;
      }
    }
    return found;
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
      default -> false;
    };
  }

  /** Adds violations of values that were read, not of those that were removed. */
  private void addConstraintViolations(List<Violation> found, @Nullable Object value) {
    if (value == null) return;
    var pointers = found.stream().map(BodyViolations::pointer).toList();
    for (var violation : ConstraintViolationMapper.toViolations(validator.validate(value)))
      if (pointers.stream().noneMatch(pointer -> contains(pointer(violation), pointer)))
        found.add(violation);
  }

  private static String pointer(Violation violation) {
    return requireNonNullElse(violation.pointer(), "");
  }

  /** Returns whether two pointers name the same value, or one a part of the other. */
  private static boolean contains(String first, String second) {
    return (first + "/").startsWith(second + "/") || (second + "/").startsWith(first + "/");
  }
}
