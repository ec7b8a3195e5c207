package io.agentledger.command.channel.platform;

/**
 * File at a platform that an inbound message has.
 *
 * @param id id or URL of the file at the platform; untrusted
 * @param name name of the file; empty if unknown
 * @param declaredType media type that the platform states; empty if it states none
 */
public record MediaReference(String id, String name, String declaredType) {
  @Override
  public String toString() {
    return "MediaReference[" + declaredType + "]";
  }
}
