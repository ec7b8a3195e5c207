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
 * One process's way out: an HTTP proxy on a Unix socket. Closing it ends what goes through it; a
 * restarted service opens the same path again.
 */
public final class EgressSocket implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Listener listener;
  private final EgressConnector egressConnector;
  private final BiFunction<RunId, Provenance, RunTraffic> ledgers;
  private final Set<EgressSocket> open;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The path, what listens there, and the connections that it has accepted. */
  record Listener(Path path, Channel channel, ChannelGroup connections) {}

  /** {@code open} is where this socket stands for as long as it is open. */
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

  /** From now on what is reached belongs to this run, and counts for it. */
  public void bindRun(RunId run, Provenance provenance) {
    egressConnector.bindRun(run, () -> ledgers.apply(run, provenance));
  }

  /** Close it before another one opens the same path. */
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
