package io.agentledger.api.environment;

import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.EnvironmentView.LimitsView;
import io.agentledger.api.identity.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Version of an environment with its author.
 *
 * @param event name of the event that created the version
 */
public record EnvironmentVersionView(
    String event,
    long version,
    String name,
    @Nullable String description,
    Map<String, String> metadata,
    Network network,
    LimitsView limits,
    List<String> variables,
    List<Mount> mounts,
    boolean archived,
    Actor actor,
    Instant at) {}
