package io.agentledger.command.claude.egress;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.command.support.outbound.Destination;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * Egress sockets of one process, each an HTTP proxy: one for its commands and, if it may fetch
 * pages, one for the CLI itself. Closing them closes their connections; a restarted service opens
 * the same paths again.
 */
public final class EgressSocket implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final List<Listener> listeners;
  private final ChannelGroup connections;
  private final FetchPermits fetchPermits;
  private final EgressConnector egressConnector;
  private final BiFunction<RunId, Provenance, RunTraffic> ledgers;
  private final Set<EgressSocket> open;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Path of a socket, and the channel that listens there. */
  record Listener(Path path, Channel channel) {}

  /** Accepted connections, and the permits of those of the CLI itself. */
  record Connections(ChannelGroup channels, FetchPermits fetchPermits) {}

  /**
   * Creates an open socket.
   *
   * @param open set of open sockets, which contains this one until it is closed
   */
  EgressSocket(
      List<Listener> listeners,
      Connections connections,
      EgressConnector egressConnector,
      BiFunction<RunId, Provenance, RunTraffic> ledgers,
      Set<EgressSocket> open) {
    this.listeners = listeners;
    this.connections = connections.channels();
    this.fetchPermits = connections.fetchPermits();
    this.egressConnector = egressConnector;
    this.ledgers = ledgers;
    this.open = open;
    open.add(this);
  }

  boolean listensAt(Path path) {
    return listeners.stream().anyMatch(listener -> listener.path().equals(path));
  }

  /** Permits the CLI to connect to these destinations until the call or its run has ended. */
  public void permitFetch(ToolCallId call, List<Destination> destinations) {
    fetchPermits.permit(call, destinations);
  }

  /** Ends the permit of a call and closes its connections; does nothing if it has none. */
  public void endFetch(ToolCallId call) {
    fetchPermits.end(call);
  }

  /** Assigns all further connections and their traffic to the run. */
  public void bindRun(RunId run, Provenance provenance) {
    if (!egressConnector.isBoundTo(run)) fetchPermits.endAll();
    egressConnector.bindRun(run, () -> ledgers.apply(run, provenance));
  }

  /** Closes the sockets. Must be called before the same paths are opened again. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) return;
    open.remove(this);
    for (Listener listener : listeners)
      listener.channel().close().awaitUninterruptibly(TIMEOUT.toMillis());
    connections.close().awaitUninterruptibly(TIMEOUT.toMillis());
    try {
      for (Listener listener : listeners) Files.deleteIfExists(listener.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
