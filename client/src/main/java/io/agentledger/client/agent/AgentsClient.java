package io.agentledger.client.agent;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.agent.AgentVersionView;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ApiHttpClient;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of the agents of a tenant. Thread-safe. */
public final class AgentsClient {
  private static final String PATH = "/api/v1/agents";

  private final ApiHttpClient http;

  public AgentsClient(ApiHttpClient http) {
    this.http = http;
  }

  /**
   * Agent to create.
   *
   * @param session fields of a request to open a session
   * @param instructions text of its CLAUDE.md; null for none
   */
  public record NewAgent(
      String name,
      AgentSharing sharing,
      @Nullable String description,
      Map<String, ?> session,
      @Nullable String instructions) {
    public NewAgent {
      session = Map.copyOf(session);
    }
  }

  /** Lists the caller's own agents and those of the tenant, newest first. */
  public Page<AgentView> list(boolean includeArchived, PageRequest page) {
    var query = "?limit=" + page.limit() + "&include_archived=" + includeArchived;
    return http.get(PATH + query, new TypeReference<>() {});
  }

  public AgentView find(AgentId agent) {
    return http.get(PATH + "/" + agent, new TypeReference<>() {});
  }

  public AgentVersionView findVersion(AgentId agent, long version) {
    return http.get(PATH + "/" + agent + "/versions/" + version, new TypeReference<>() {});
  }

  /** Finds the agent that has the name and is not archived. */
  public Optional<AgentView> findByName(String name) {
    var query = "?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    Page<AgentView> agents = http.get(PATH + query, new TypeReference<>() {});
    return agents.items().stream().findFirst();
  }

  public AgentView create(NewAgent agent) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", agent.name());
    body.put("sharing", agent.sharing().name().toLowerCase(Locale.ROOT));
    if (agent.description() != null) body.put("description", agent.description());
    body.put("session", agent.session());
    if (agent.instructions() != null) body.put("instructions", agent.instructions());
    return http.post(PATH, body, new TypeReference<>() {});
  }

  /**
   * Creates the next version of an agent with another sharing.
   *
   * @param agent current version, with all of its values
   * @param users users who may use it; empty unless it is shared with listed users
   */
  public AgentView share(AgentView agent, AgentSharing sharing, List<UserId> users) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", agent.name());
    body.put("sharing", sharing.name().toLowerCase(Locale.ROOT));
    body.put("shared_with", users);
    if (agent.description() != null) body.put("description", agent.description());
    body.put("session", agent.session());
    if (agent.instructions() != null) body.put("instructions", agent.instructions());
    if (!agent.writableFolders().isEmpty()) body.put("writable_folders", agent.writableFolders());
    return http.put(PATH + "/" + agent.id(), body, agent.version(), new TypeReference<>() {});
  }

  /** Opens a zip archive of the agent in the layout of Claude Code; the caller closes it. */
  public InputStream exportFolder(AgentId agent) {
    return http.openBody(PATH + "/" + agent + "/export");
  }

  /** Creates an agent from a zip archive, or a version of the one with its name. */
  public AgentView importFolder(byte[] archive) {
    var body = BodyPublishers.ofByteArray(archive);
    return http.post(PATH + "/import", body, "application/zip", new TypeReference<>() {});
  }

  /** Archives an agent. */
  public void archive(AgentId agent) {
    http.delete(PATH + "/" + agent);
  }

  /** Finds the archived agents that have the name, newest first. */
  public List<AgentView> findArchivedByName(String name) {
    var query = "?include_archived=true&name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    Page<AgentView> agents = http.get(PATH + query, new TypeReference<>() {});
    return agents.items().stream().filter(agent -> agent.archivedAt() != null).toList();
  }

  /** Restores an archived agent. */
  public AgentView restore(AgentId agent) {
    return http.post(PATH + "/" + agent + "/restore", Map.of(), new TypeReference<>() {});
  }
}
