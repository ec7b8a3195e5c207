package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.function.Function;

/** Texts of a body that must become something; what is wrong with one is said, not what it was. */
final class FieldParser {
  private FieldParser() {}

  static <T> T parse(String pointer, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException exception) {
      throw InvalidRequestException.body(pointer, String.valueOf(exception.getMessage()));
    }
  }
}
