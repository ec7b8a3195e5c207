package io.agentledger.command.agent;

import io.agentledger.api.agent.AgentDefinition;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.DefaultAgentIds;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Json;
import io.agentledger.store.support.UntrustedJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import tools.jackson.databind.JsonNode;

/**
 * Agents that the service ships: each is a folder with an {@code agent.json} and, if it has
 * instructions, a {@code CLAUDE.md}. Their ids are derived from the tenant and the name; that of
 * the default agent is the id that sessions without an agent have.
 *
 * @param agents sorted by name
 */
record ShippedAgents(List<ShippedAgent> agents, DefaultAgentIds defaultAgentIds) {
  private static final String PATTERN = "classpath*:agents/*/agent.json";

  ShippedAgents {
    agents = List.copyOf(agents);
  }

  /** An agent as its folder defines it. */
  record ShippedAgent(String name, AgentDefinition definition) {}

  /** Reads the folders that are packaged with the service. */
  static ShippedAgents load(DefaultAgentIds defaultAgentIds) {
    var agents = new ArrayList<ShippedAgent>();
    try {
      var resolver = new PathMatchingResourcePatternResolver(ShippedAgents.class.getClassLoader());
      for (var file : resolver.getResources(PATTERN)) agents.add(read(file));
    } catch (IOException exception) {
      throw new UncheckedIOException("the shipped agents cannot be read", exception);
    }
    agents.sort(Comparator.comparing(ShippedAgent::name));
    return new ShippedAgents(agents, defaultAgentIds);
  }

  private static ShippedAgent read(Resource file) throws IOException {
    var agent = UntrustedJson.MAPPER.readTree(file.getContentAsString(StandardCharsets.UTF_8));
    var memory = file.createRelative("CLAUDE.md");
    return new ShippedAgent(
        agent.required("name").asString(),
        new AgentDefinition(
            textOf(agent.path("description")),
            new Json(agent.required("session").toString()),
            memory.exists() ? memory.getContentAsString(StandardCharsets.UTF_8) : null,
            List.of(),
            agent.path("writable_folders").valueStream().map(JsonNode::asString).toList()));
  }

  private static @Nullable String textOf(JsonNode value) {
    return value.isMissingNode() ? null : value.asString();
  }

  /** Returns the id of the agent in a tenant. */
  AgentId idOf(ShippedAgent agent, TenantId tenant) {
    return agent.name().equals(DefaultAgentIds.INITIAL_NAME)
        ? defaultAgentIds.idFor(tenant)
        : AgentId.shipped(tenant, agent.name());
  }
}
