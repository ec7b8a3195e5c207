package io.agentledger.client;

import io.agentledger.client.ops.ServiceStatus;
import io.agentledger.client.session.SessionsClient;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientConfig;
import tools.jackson.core.type.TypeReference;

/** One service. Cheap to keep, safe for many threads; closing it ends every story it tells. */
public final class AgentledgerClient implements AutoCloseable {
  private final ApiHttpClient http;
  private final SessionsClient sessions;

  private AgentledgerClient(ClientConfig clientConfig) {
    this.http = new ApiHttpClient(clientConfig);
    this.sessions = new SessionsClient(http);
  }

  /** Connects with the first request. */
  public static AgentledgerClient at(ClientConfig clientConfig) {
    return new AgentledgerClient(clientConfig);
  }

  public ClientConfig address() {
    return http.address();
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
