package io.agentledger.client;

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

  @Override
  public void close() {
    http.close();
  }
}
