package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.function.Function;

/** Texts of a body that must become something; what is wrong with one is said, not what it was. */
final class FieldParser {
  private FieldParser() {}

  static <T> T as(String pointer, String text, Function<String, T> read) {
    try {
      return read.apply(text);
    } catch (IllegalArgumentException refused) {
      throw InvalidRequestException.body(pointer, String.valueOf(refused.getMessage()));
    }
  }
}
