package io.agentledger.command.claude.egress;

import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.support.outbound.Destination;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Permits of one process to connect to the hosts of its WebFetch calls while they are in progress.
 * When no call needs a host any more, the connections to it are closed. Thread-safe.
 */
final class FetchPermits {
  private final Map<ToolCallId, Set<Endpoint>> permits = new HashMap<>();
  private final Map<Channel, Endpoint> connections = new HashMap<>();

  private record Endpoint(String host, int port) {
    static Endpoint of(Destination destination) {
      return new Endpoint(destination.host(), destination.port());
    }
  }

  /** Permits the destinations of a call until it has ended. */
  synchronized void permit(ToolCallId call, List<Destination> destinations) {
    permits.put(call, destinations.stream().map(Endpoint::of).collect(Collectors.toSet()));
  }

  /** Ends the permit of a call; does nothing if it has none. */
  synchronized void end(ToolCallId call) {
    permits.remove(call);
    closeUnpermitted();
  }

  /** Ends all permits. */
  synchronized void endAll() {
    permits.clear();
    closeUnpermitted();
  }

  /** Returns whether a client's connection may be used for the destination at this moment. */
  synchronized boolean admit(Destination destination, Channel client) {
    Endpoint endpoint = Endpoint.of(destination);
    if (!isPermitted(endpoint)) return false;
    connections.put(client, endpoint);
    client.closeFuture().addListener(closed -> remove(client));
    return true;
  }

  private synchronized void remove(Channel client) {
    connections.remove(client);
  }

  private boolean isPermitted(Endpoint endpoint) {
    return permits.values().stream().anyMatch(endpoints -> endpoints.contains(endpoint));
  }

  private void closeUnpermitted() {
    for (var connection : List.copyOf(connections.entrySet()))
      if (!isPermitted(connection.getValue())) connection.getKey().close();
  }
}
