package io.agentledger.api.channel;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.vault.SecretRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Version of a channel with its author; a pause is one, too.
 *
 * @param apiUrl null for the platform's own
 * @param assignee user to whom new chats were assigned; null for nobody
 * @param agent null for none
 * @param agentId agent whose tokens may write to the chats; null for none
 */
public record ChannelVersionView(
    long version,
    String name,
    @Nullable String description,
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
    Actor actor,
    Instant at) {}
