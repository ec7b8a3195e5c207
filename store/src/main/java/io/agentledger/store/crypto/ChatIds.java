package io.agentledger.store.crypto;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import java.util.List;

/**
 * Ids of chats, derived by a key of the tenant from the channel and the address of the contact: two
 * first messages open one chat, and a chat is found by the address without storing it in the clear.
 */
public record ChatIds(ConcurrencyKeys keys) {
  public ChatId of(TenantId tenant, ChannelId channel, String contactAddress) {
    var digest = keys.digest(tenant, List.of("chat", channel.value()), contactAddress);
    return new ChatId(Ids.derived(ChatId.PREFIX, digest));
  }
}
