package io.agentledger.command.model;

import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
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
 * Model socket of one process: an HTTP server on a Unix socket. All of its requests belong to the
 * process that it was opened for. Closing it ends the exchanges in progress and keeps the usage
 * file, so that a restarted service can open the same paths again.
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
   * @param held whether the process's supervisor script holds the socket, which then outlives the
   *     server
   */
  record Listener(Path path, DisposableServer server, ChannelGroup connections, boolean held) {}

  /** Creates the socket, which is registered in {@code open} until it is closed. */
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

  /** Returns the path of the socket. */
  public Path path() {
    return listener.path();
  }

  /**
   * Lets the gateway itself answer the next request for a message, without the model, budgets and a
   * record, unless a run is bound before.
   */
  public void answerWarmUp() {
    exchanges.answerWarmUp();
  }

  /** Assigns all further exchanges to this run and its budgets. */
  public void bindRun(BillingContext billingContext) {
    exchanges.bindRun(billingContext);
  }

  /**
   * Returns the budget because of which an exchange of the run was rejected since the run was bound
   * here, if one was.
   */
  public Optional<BudgetShortfall> findShortfall(RunId run) {
    return exchanges.findShortfall(run.value());
  }

  /** Permits the web search of a call until the call or its run has ended. */
  public void permitSearch(ToolCallId call, WebSearchPermit permit) {
    exchanges.guard().permitSearch(call.value(), permit);
  }

  /** Ends the permit of a call; does nothing if it has none. */
  public void endSearch(ToolCallId call) {
    exchanges.guard().endSearch(call.value());
  }

  /** Returns whether an exchange is in progress. */
  public boolean isExchanging() {
    return exchanges.isExchanging();
  }

  /** Returns the outage of the model API that the run currently waits for. */
  public Optional<ModelOutage> findOutage(RunId run) {
    return exchanges.findOutage(run.value());
  }

  /** Returns whether the model sent a message with this id. */
  public boolean hasMessage(String messageId) {
    return passedIds.hasMessage(messageId);
  }

  /** Returns the tool call that the model requested; empty if it never did. */
  public Optional<RequestedToolCall> findRequestedToolCall(String toolUseId) {
    return passedIds.findToolCall(toolUseId);
  }

  /**
   * Records that the result of a tool call was read; returns false if it was read before at another
   * offset of the journal.
   */
  public boolean markReturned(String toolUseId, long journalOffset) {
    return passedIds.markReturned(usage, toolUseId, journalOffset);
  }

  /**
   * Closes the server and deletes the socket's file, unless a supervisor script holds it for the
   * next service. Close it before the same path is opened again. Returns when every exchange has
   * ended and is recorded, or after a timeout.
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
