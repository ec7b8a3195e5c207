package io.agentledger.client;

import io.agentledger.client.ops.ServiceStatus;
import io.agentledger.client.session.Sessions;
import io.agentledger.client.support.Http;
import io.agentledger.client.support.ServiceAddress;
import tools.jackson.core.type.TypeReference;

/** One service. Cheap to keep, safe for many threads; closing it ends every story it tells. */
public final class Agentledger implements AutoCloseable {
  private final Http http;
  private final Sessions sessions;

  private Agentledger(ServiceAddress address) {
    this.http = new Http(address);
    this.sessions = new Sessions(http);
  }

  /** Connects with the first request. */
  public static Agentledger at(ServiceAddress address) {
    return new Agentledger(address);
  }

  public ServiceAddress address() {
    return http.address();
  }

  public Sessions sessions() {
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
