package io.agentledger.command.claude.egress;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * Egress socket of one process: an HTTP proxy on a Unix socket. Closing it closes its connections;
 * a restarted service opens the same path again.
 */
public final class EgressSocket implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Listener listener;
  private final EgressConnector egressConnector;
  private final BiFunction<RunId, Provenance, RunTraffic> ledgers;
  private final Set<EgressSocket> open;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Path, listening channel and accepted connections. */
  record Listener(Path path, Channel channel, ChannelGroup connections) {}

  /**
   * Creates an open socket.
   *
   * @param open set of open sockets, which contains this one until it is closed
   */
  EgressSocket(
      Listener listener,
      EgressConnector egressConnector,
      BiFunction<RunId, Provenance, RunTraffic> ledgers,
      Set<EgressSocket> open) {
    this.listener = listener;
    this.egressConnector = egressConnector;
    this.ledgers = ledgers;
    this.open = open;
    open.add(this);
  }

  Path path() {
    return listener.path();
  }

  /** Assigns all further connections and their traffic to the run. */
  public void bindRun(RunId run, Provenance provenance) {
    egressConnector.bindRun(run, () -> ledgers.apply(run, provenance));
  }

  /** Closes the socket. Must be called before the same path is opened again. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) return;
    open.remove(this);
    listener.channel().close().awaitUninterruptibly(TIMEOUT.toMillis());
    listener.connections().close().awaitUninterruptibly(TIMEOUT.toMillis());
    try {
      Files.deleteIfExists(path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
