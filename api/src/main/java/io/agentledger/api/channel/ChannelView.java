package io.agentledger.api.channel;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Versioned;
import io.agentledger.api.vault.SecretRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a channel.
 *
 * @param path path to which the platform sends its webhooks
 * @param version version that a change must name
 * @param apiUrl null for the platform's own
 * @param assignee user to whom new chats are assigned; null for nobody
 * @param agent null for none
 * @param agentId agent whose tokens may write to the chats; null for none
 * @param agentActive whether the agent answers in new chats
 */
public record ChannelView(
    ChannelId id,
    UserId ownerId,
    String path,
    long version,
    String name,
    @Nullable String description,
    String platform,
    Map<String, String> settings,
    Map<String, SecretRef> credentials,
    @Nullable String apiUrl,
    List<UserId> members,
    @Nullable UserId assignee,
    @Nullable ChannelAgent agent,
    @Nullable AgentId agentId,
    AgentBuffer buffer,
    boolean agentActive,
    boolean paused,
    boolean archived,
    Instant createdAt,
    Instant changedAt)
    implements Versioned {}
