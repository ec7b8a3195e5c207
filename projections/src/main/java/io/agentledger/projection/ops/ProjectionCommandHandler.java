package io.agentledger.projection.ops;

import io.agentledger.api.ops.OpsCommand.CancelProjectionRebuild;
import io.agentledger.api.ops.OpsCommand.RebuildProjection;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.ops.OpsCommand.RetryDeadLetters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles the commands of operators for projections. */
class ProjectionCommandHandler {
  private static final Logger log = LoggerFactory.getLogger(ProjectionCommandHandler.class);

  private final ProjectionControl projections;
  private final ProjectionRebuilds rebuilds;

  ProjectionCommandHandler(ProjectionControl projections, ProjectionRebuilds rebuilds) {
    this.projections = projections;
    this.rebuilds = rebuilds;
  }

  @CommandHandler
  void handle(ReplayProjection command) throws InterruptedException {
    inNewTransaction(
        () -> {
          rebuilds.requireNone(command.projection());
          projections.reset(command.projection());
          return true;
        });
    log.atInfo().addKeyValue("projection", command.projection()).log("replay started");
  }

  @CommandHandler
  void handle(RebuildProjection command) throws InterruptedException {
    inNewTransaction(
        () -> {
          rebuilds.start(command.projection());
          return true;
        });
    log.atInfo().addKeyValue("projection", command.projection()).log("rebuild started");
  }

  @CommandHandler
  void handle(CancelProjectionRebuild command) throws InterruptedException {
    inNewTransaction(
        () -> {
          rebuilds.cancel(command.projection());
          return true;
        });
    log.atInfo().addKeyValue("projection", command.projection()).log("rebuild cancelled");
  }

  /** Returns the number of sequences without dead letters after the retry. */
  @CommandHandler
  int handle(RetryDeadLetters command) throws InterruptedException {
    int retried = inNewTransaction(() -> projections.retryDeadLetters(command.projection()));
    log.atInfo()
        .addKeyValue("projection", command.projection())
        .addKeyValue("sequences", retried)
        .log("dead letters retried");
    return retried;
  }

  /**
   * Runs outside of the command's transaction: a reset must be committed before the processor
   * starts again, and one failing dead letter must not affect the others.
   */
  private static <T> T inNewTransaction(Supplier<T> work) throws InterruptedException {
    var done = new CompletableFuture<T>();
    Thread.ofVirtual().start(() -> done.completeAsync(work, Runnable::run));
    try {
      return done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) throw failure;
      throw new IllegalStateException(e.getCause());
    }
  }
}
