package io.agentledger.api.channel;

/**
 * Contact of a chat, sealed in its event as JSON.
 *
 * @param address address that replies are sent to, in the platform's form
 * @param name name that the contact gave itself; empty if unknown
 */
public record ChatContact(String address, String name) {
  /** Contains no personal data. */
  @Override
  public String toString() {
    return "ChatContact[]";
  }
}
