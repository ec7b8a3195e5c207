package io.agentledger.client;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.api.identity.query.ApiKeyView;
import io.agentledger.api.identity.query.CurrentUserView;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.permission.PolicyView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.agent.AgentsClient;
import io.agentledger.client.audit.AuditClient;
import io.agentledger.client.channel.ChannelsClient;
import io.agentledger.client.channel.ChatsClient;
import io.agentledger.client.chat.ChatClient;
import io.agentledger.client.flow.FlowsClient;
import io.agentledger.client.flow.SourceIdentitiesClient;
import io.agentledger.client.ops.ProjectionsClient;
import io.agentledger.client.ops.ServiceStatus;
import io.agentledger.client.report.ReportsClient;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.subscription.SubscriptionsClient;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientConfig;
import io.agentledger.client.support.ServiceUnavailableException;
import io.agentledger.client.task.TasksClient;
import io.agentledger.client.template.TemplatesClient;
import io.agentledger.client.trigger.TriggersClient;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of one service. Safe for many threads; closing it ends its open streams. */
public final class AgentledgerClient implements AutoCloseable {
  private static final String POLICIES = "/api/v1/policies";
  private static final String KEYS = "/api/v1/keys";

  private final ApiHttpClient http;
  private final SessionsClient sessions;
  private final AgentsClient agents;
  private final TasksClient tasks;
  private final FlowsClient flows;
  private final SourceIdentitiesClient sourceIdentities;
  private final TemplatesClient templates;
  private final TriggersClient triggers;
  private final ChannelsClient channels;
  private final ChatsClient chats;
  private final ChatClient chat;
  private final AuditClient audit;
  private final ReportsClient reports;
  private final ProjectionsClient projections;
  private final SubscriptionsClient subscriptions;

  private AgentledgerClient(Supplier<ClientConfig> locator) {
    this.http = new ApiHttpClient(locator);
    this.sessions = new SessionsClient(http);
    this.agents = new AgentsClient(http);
    this.tasks = new TasksClient(http);
    this.flows = new FlowsClient(http);
    this.sourceIdentities = new SourceIdentitiesClient(http);
    this.templates = new TemplatesClient(http);
    this.triggers = new TriggersClient(http);
    this.channels = new ChannelsClient(http);
    this.chats = new ChatsClient(http);
    this.chat = new ChatClient(http);
    this.audit = new AuditClient(http);
    this.reports = new ReportsClient(http);
    this.projections = new ProjectionsClient(http);
    this.subscriptions = new SubscriptionsClient(http);
  }

  /** Connects with the first request. */
  public static AgentledgerClient create(ClientConfig config) {
    return create(() -> config);
  }

  /**
   * Creates a client of a service that may be restarted on another port.
   *
   * @param locator finds the running service; called at once, and after a request that failed to
   *     reach it
   * @throws ServiceUnavailableException if there is none now
   */
  public static AgentledgerClient create(Supplier<ClientConfig> locator) {
    return new AgentledgerClient(locator);
  }

  public ClientConfig config() {
    return http.config();
  }

  public SessionsClient sessions() {
    return sessions;
  }

  public AgentsClient agents() {
    return agents;
  }

  public TasksClient tasks() {
    return tasks;
  }

  public FlowsClient flows() {
    return flows;
  }

  /** Returns the client of identities at providers. */
  public SourceIdentitiesClient sourceIdentities() {
    return sourceIdentities;
  }

  public TemplatesClient templates() {
    return templates;
  }

  public TriggersClient triggers() {
    return triggers;
  }

  public ChannelsClient channels() {
    return channels;
  }

  /** Returns the client of chats with contacts. */
  public ChatsClient chats() {
    return chats;
  }

  /** Returns the client of the conversation with Brain. */
  public ChatClient chat() {
    return chat;
  }

  public AuditClient audit() {
    return audit;
  }

  public ReportsClient reports() {
    return reports;
  }

  public ProjectionsClient projections() {
    return projections;
  }

  public SubscriptionsClient subscriptions() {
    return subscriptions;
  }

  public ServiceStatus status() {
    return http.get("/api/v1/status", new TypeReference<>() {});
  }

  /** Returns the caller and the permissions of the API key. */
  public CurrentUserView currentUser() {
    return http.get("/api/v1/auth/me", new TypeReference<>() {});
  }

  public UserView findUser(UserId user) {
    return http.get("/api/v1/users/" + user, new TypeReference<>() {});
  }

  /** Lists policies that are not archived, newest first. */
  public Page<PolicyView> policies(PageRequest page) {
    return http.get(POLICIES + "?limit=" + page.limit(), new TypeReference<>() {});
  }

  public PolicyView findPolicy(PolicyId policy) {
    return http.get(POLICIES + "/" + policy, new TypeReference<>() {});
  }

  /** Creates a policy with one rule. */
  public PolicyView createPolicy(String name, PolicyScope scope, PolicyRule rule) {
    var target =
        switch (scope) {
          case PolicyScope.Tenant tenant -> Map.of("type", "tenant");
          case PolicyScope.Agent(var agent) -> Map.of("type", "agent", "agent_id", agent);
          case PolicyScope.Session(var session) -> Map.of("type", "session", "session_id", session);
          case PolicyScope.Trigger(var trigger) -> Map.of("type", "trigger", "trigger_id", trigger);
          case PolicyScope.Channel(var channel) -> Map.of("type", "channel", "channel_id", channel);
        };
    var definition =
        Map.of(
            "name", rule.name(),
            "effect", rule.effect().name().toLowerCase(Locale.ROOT),
            "priority", rule.priority(),
            "tools", rule.tools(),
            "paths", rule.paths(),
            "use", rule.use().name().toLowerCase(Locale.ROOT),
            "commands", rule.commands(),
            "hosts", rule.hosts(),
            "approval_timeout_seconds", rule.approvalTimeout().toSeconds(),
            "reason", rule.reason());
    var body = Map.of("name", name, "scope", target, "rules", List.of(definition));
    return http.post(POLICIES, body, new TypeReference<>() {});
  }

  /** Archives a policy permanently. */
  public void archivePolicy(PolicyId policy) {
    http.delete(POLICIES + "/" + policy);
  }

  /** Lists the caller's API keys, newest first, without their secrets. */
  public Page<ApiKeyView> keys(PageRequest page) {
    return http.get(KEYS + "?limit=" + page.limit(), new TypeReference<>() {});
  }

  /**
   * Creates an API key. Only this result contains its secret.
   *
   * @param scopes names of its permissions; empty: all of the caller's
   * @param expiresAt null: never
   */
  public IssuedApiKey createKey(String name, List<String> scopes, @Nullable Instant expiresAt) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", name);
    if (!scopes.isEmpty()) body.put("scopes", scopes);
    if (expiresAt != null) body.put("expires_at", expiresAt);
    return http.post(KEYS, body, new TypeReference<>() {});
  }

  /** Revokes an API key permanently. */
  public void revokeKey(CredentialId key) {
    http.delete(KEYS + "/" + key);
  }

  @Override
  public void close() {
    http.close();
  }
}
