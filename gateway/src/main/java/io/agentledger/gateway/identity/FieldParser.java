package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.function.Function;

/** Parses texts of a body. Errors state the violated rule and do not repeat the value. */
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
