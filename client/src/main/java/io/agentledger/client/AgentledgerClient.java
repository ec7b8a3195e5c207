package io.agentledger.client;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.query.ApiKeyView;
import io.agentledger.api.identity.query.CurrentUserView;
import io.agentledger.api.identity.query.UserView;
import io.agentledger.api.permission.PolicyView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.ops.ServiceStatus;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientConfig;
import tools.jackson.core.type.TypeReference;

/** Client of one service. Safe for many threads; closing it ends its open streams. */
public final class AgentledgerClient implements AutoCloseable {
  private final ApiHttpClient http;
  private final SessionsClient sessions;

  private AgentledgerClient(ClientConfig config) {
    this.http = new ApiHttpClient(config);
    this.sessions = new SessionsClient(http);
  }

  /** Connects with the first request. */
  public static AgentledgerClient create(ClientConfig config) {
    return new AgentledgerClient(config);
  }

  public ClientConfig config() {
    return http.config();
  }

  public SessionsClient sessions() {
    return sessions;
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
    return http.get("/api/v1/policies?limit=" + page.limit(), new TypeReference<>() {});
  }

  /** Lists the caller's API keys, newest first, without their secrets. */
  public Page<ApiKeyView> keys(PageRequest page) {
    return http.get("/api/v1/keys?limit=" + page.limit(), new TypeReference<>() {});
  }

  @Override
  public void close() {
    http.close();
  }
}
