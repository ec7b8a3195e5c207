package io.agentledger.gateway.identity.rest;

import io.agentledger.gateway.support.Invalid;
import java.util.function.Function;

/** Texts of a body that must become something; what is wrong with one is said, not what it was. */
final class Given {
  private Given() {}

  static <T> T as(String pointer, String text, Function<String, T> read) {
    try {
      return read.apply(text);
    } catch (IllegalArgumentException refused) {
      throw Invalid.body(pointer, String.valueOf(refused.getMessage()));
    }
  }
}
