package io.agentledger.command.channel.platform;

import java.util.Locale;

/**
 * File at a platform that an inbound message has.
 *
 * @param id id or URL of the file at the platform; untrusted
 * @param name name of the file; empty if unknown
 * @param declaredType media type that the platform states, in lower case without parameters; empty
 *     if it states none
 */
public record MediaReference(String id, String name, String declaredType) {
  private static final int TYPE_LENGTH_MAX = 100;

  public MediaReference {
    int end = declaredType.indexOf(';');
    var type = (end < 0 ? declaredType : declaredType.substring(0, end)).strip();
    declaredType =
        type.substring(0, Math.min(type.length(), TYPE_LENGTH_MAX)).toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "MediaReference[" + declaredType + "]";
  }
}
