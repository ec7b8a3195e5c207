package io.agentledger.command.claude.run;

import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** CLI process of a session that is supervised by this node. Thread-safe. */
public interface SupervisedProcess {
  SessionId session();

  /** Returns the epoch of the lease under which the process was started. */
  long epoch();

  boolean isAlive();

  /** Returns whether a run or a side request is in progress. */
  boolean isBusy();

  Instant lastUse();

  /** Completes when the process has ended or was detached from. */
  CompletableFuture<Void> termination();

  /** Tells the process that its service is alive. */
  void heartbeat() throws IOException;

  /** Ends an idle process; the conversation can be resumed. Does not wait. */
  void shutdownGracefully();

  /** Ends the process and all of its work. Does not wait. */
  void terminate();

  /** Detaches: the process keeps running for another supervisor. Does not wait. */
  void detach();
}
