package io.agentledger.command.model;

import io.agentledger.api.session.RunId;
import io.agentledger.command.model.usage.PassedIds;
import io.agentledger.command.model.usage.RequestedToolCall;
import io.agentledger.command.model.usage.UsageFile;
import io.netty.channel.group.ChannelGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.netty.DisposableServer;

/**
 * One process's door to its model: an HTTP server on a Unix socket. What comes through it belongs
 * to the caller that it was opened for. Closing it ends the exchanges under way; it does not settle
 * the file, so that a restarted service can open the same paths again.
 */
public final class ModelSocket implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Listener listener;
  private final ExchangeHandler exchanges;
  private final UsageFile usage;
  private final PassedIds passedIds;
  private final Set<ModelSocket> open;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * The path, the server that listens there, and the connections that it has accepted.
   *
   * @param held whether the process's keeper holds the socket: then it outlives the server
   */
  record Listener(Path path, DisposableServer server, ChannelGroup connections, boolean held) {}

  /** {@code open} is where this socket stands for as long as it is open. */
  ModelSocket(
      Listener listener,
      ExchangeHandler exchanges,
      ExchangeHandler.Context context,
      Set<ModelSocket> open) {
    this.listener = listener;
    this.exchanges = exchanges;
    this.usage = context.file();
    this.passedIds = context.passedIds();
    this.open = open;
    open.add(this);
  }

  /** Where the socket is. */
  public Path path() {
    return listener.path();
  }

  /** From now on exchanges belong to this account's run, and are paid from it. */
  public void bindRun(BillingContext billingContext) {
    exchanges.bindRun(billingContext);
  }

  /** Whether an exchange of the run was refused because of a budget, since it was begun here. */
  public boolean isRefusedByBudget(RunId run) {
    return exchanges.isRefusedByBudget(run.value());
  }

  /** Whether an exchange is in progress. */
  public boolean isExchanging() {
    return exchanges.isExchanging();
  }

  /** The outage of the model API that the run waits through at present. */
  public Optional<ModelOutage> findOutage(RunId run) {
    return exchanges.findOutage(run.value());
  }

  /** Whether the model sent a message with this id. */
  public boolean hasMessage(String messageId) {
    return passedIds.hasMessage(messageId);
  }

  /** The tool call as the model asked for it, or empty if the model never did. */
  public Optional<RequestedToolCall> findRequestedToolCall(String toolUseId) {
    return passedIds.findToolCall(toolUseId);
  }

  /**
   * Remembers that a tool call has come back; false if it did before, at another place of the
   * journal.
   */
  public boolean markReturned(String toolUseId, long journalOffset) {
    return passedIds.markReturned(usage, toolUseId, journalOffset);
  }

  /**
   * Closes the door and takes its file away, unless it is held for the next service; so close
   * before another opens the same path. Returns when every exchange has ended and is written down,
   * or has had its time.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) return;
    open.remove(this);
    listener.server().disposeNow();
    listener.connections().close().awaitUninterruptibly(TIMEOUT.toMillis());
    exchanges.drain(TIMEOUT);
    try {
      if (!listener.held()) Files.deleteIfExists(path());
      usage.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
