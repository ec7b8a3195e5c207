package io.agentledger.api.channel;

import io.agentledger.api.identity.TenantId;

/**
 * Visitor of a page with the chat widget, as a valid token states it.
 *
 * @param chatId the visitor's chat, which exists once the visitor has written
 * @param address address of the contact
 * @param name name that the visitor gave itself; empty if unknown
 */
public record Visitor(
    TenantId tenant, ChannelId channelId, ChatId chatId, String address, String name) {
  /** Contains no personal data. */
  @Override
  public String toString() {
    return "Visitor[" + chatId + "]";
  }
}
